//! A connection, whatever it runs over.

use tokio::io::{AsyncRead, AsyncWrite};

/// A connection, plain or encrypted.
pub(crate) trait Socket: AsyncRead + AsyncWrite + Send + Sync + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Sync + Unpin> Socket for S {}
