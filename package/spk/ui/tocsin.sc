[tocsin]
title="Tocsin"
desc="Tocsin"
port_forward="no"
dst.ports="8725/tcp"
