//! A container image for both processors, as an archive: `docker load`, `podman load` and `skopeo` read it.
//!
//! The archive is an OCI image layout (<https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md>):
//! blobs that are named by their SHA-256, and `index.json`, which leads to one manifest a processor. Beside it stands
//! `manifest.json`, the list by which a Docker without containerd's store (before 29 by default, so on most NAS) loads
//! the same blobs (<https://github.com/moby/docker-image-spec/blob/v1.3.1/spec.md>, "Combined Image JSON"): it knows no
//! image of several processors, so that there the processor is part of the tag.

use crate::arch::Arch;
use crate::archive::{SourceDate, Tree, gzip};
use crate::digest::sha256;
use crate::version::Version;
use serde_json::{Value, json};
use std::io;

/// The user and group as whom Tocsin runs: no system gives it to a person or a service by itself.
const USER: u64 = 10001;

/// Where the data are; `compose.yaml` puts a volume there.
const DATA: &str = "data";

/// The program's place in the image.
const PROGRAM: &str = "usr/bin/tocsin";

/// What the program is told by the environment: a container's network is its own, so it listens to all of it.
const ENVIRONMENT: [&str; 2] = ["TOCSIN_DATA=/data", "TOCSIN_LISTEN=0.0.0.0:8725"];

/// Nanoseconds, as Docker's extension of the configuration writes durations (moby's image specification,
/// `Healthcheck`).
const SECOND: u64 = 1_000_000_000;

/// A blob: where it stands in the archive, and how others name it.
struct Blob {
    media_type: &'static str,
    digest: String,
    bytes: Vec<u8>,
}

impl Blob {
    fn new(media_type: &'static str, bytes: Vec<u8>) -> Self {
        let digest = sha256(&bytes);
        Self {
            media_type,
            digest,
            bytes,
        }
    }

    fn json(media_type: &'static str, value: &Value) -> io::Result<Self> {
        Ok(Self::new(media_type, serde_json::to_vec(value)?))
    }

    fn path(&self) -> String {
        format!("blobs/sha256/{}", self.digest)
    }

    /// OCI image specification, "Content Descriptors".
    fn descriptor(&self) -> Value {
        json!({
            "mediaType": self.media_type,
            "digest": format!("sha256:{}", self.digest),
            "size": self.bytes.len(),
        })
    }
}

/// One processor's image.
struct Image {
    arch: Arch,
    layer: Blob,
    config: Blob,
    manifest: Blob,
}

/// Makes the archive of a program that was built for several processors.
pub fn build(programs: Vec<(Arch, Vec<u8>)>, version: Version, date: SourceDate) -> io::Result<Vec<u8>> {
    let images = programs
        .into_iter()
        .map(|(arch, program)| image(arch, program, version, date))
        .collect::<io::Result<Vec<_>>>()?;
    let index = Blob::json(
        "application/vnd.oci.image.index.v1+json",
        &json!({
            "schemaVersion": 2,
            "mediaType": "application/vnd.oci.image.index.v1+json",
            "manifests": images.iter().map(in_index).collect::<Vec<_>>(),
        }),
    )?;
    let mut entry = index.descriptor();
    entry["annotations"] = json!({
        "org.opencontainers.image.ref.name": version.to_string(),
        // containerd's key for the whole name; Docker and Podman read it.
        "io.containerd.image.name": format!("docker.io/library/tocsin:{version}"),
    });
    let layout = json!({ "imageLayoutVersion": "1.0.0" });
    let top = json!({ "schemaVersion": 2, "manifests": [entry] });
    let docker: Vec<_> = images.iter().map(|image| for_docker(image, version)).collect();
    let mut tree = Tree::default()
        .file("oci-layout", 0o644, serde_json::to_vec(&layout)?)
        .file("index.json", 0o644, serde_json::to_vec(&top)?)
        .file("manifest.json", 0o644, serde_json::to_vec(&docker)?);
    let parts = images
        .into_iter()
        .flat_map(|image| [image.layer, image.config, image.manifest]);
    for blob in parts.chain([index]) {
        tree = tree.file(&blob.path(), 0o644, blob.bytes);
    }
    tree.tar("", date)
}

fn in_index(image: &Image) -> Value {
    let mut entry = image.manifest.descriptor();
    entry["platform"] = platform(image.arch);
    entry
}

fn for_docker(image: &Image, version: Version) -> Value {
    json!({
        "Config": image.config.path(),
        "RepoTags": [format!("tocsin:{version}-{}", image.arch.oci())],
        "Layers": [image.layer.path()],
    })
}

fn image(arch: Arch, program: Vec<u8>, version: Version, date: SourceDate) -> io::Result<Image> {
    let files = files(program).tar("", date)?;
    let unpacked = sha256(&files);
    let layer = Blob::new("application/vnd.oci.image.layer.v1.tar+gzip", gzip(&files)?);
    let config = Blob::json(
        "application/vnd.oci.image.config.v1+json",
        &config(arch, &unpacked, version, date)?,
    )?;
    let manifest = Blob::json(
        "application/vnd.oci.image.manifest.v1+json",
        &json!({
            "schemaVersion": 2,
            "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "config": config.descriptor(),
            "layers": [layer.descriptor()],
        }),
    )?;
    Ok(Image {
        arch,
        layer,
        config,
        manifest,
    })
}

/// All that the image holds. The program brings the public authorities' certificates along (crate `webpki-roots`) and
/// needs no library; the user's name is for those who look into the container.
fn files(program: Vec<u8>) -> Tree {
    Tree::default()
        .file(PROGRAM, 0o755, program)
        .file(
            "usr/share/doc/tocsin/LICENSE-APACHE",
            0o644,
            include_str!("../../../LICENSE-APACHE"),
        )
        .file(
            "usr/share/doc/tocsin/LICENSE-MIT",
            0o644,
            include_str!("../../../LICENSE-MIT"),
        )
        .file(
            "etc/passwd",
            0o644,
            format!("tocsin:x:{USER}:{USER}::/{DATA}:/{PROGRAM}\n"),
        )
        .file("etc/group", 0o644, format!("tocsin:x:{USER}:\n"))
        .folder_of(DATA, 0o700, USER)
        .folder("tmp", 0o1777)
}

fn platform(arch: Arch) -> Value {
    match arch {
        Arch::X86_64 => json!({ "os": "linux", "architecture": arch.oci() }),
        Arch::Aarch64 => json!({ "os": "linux", "architecture": arch.oci(), "variant": "v8" }),
    }
}

/// OCI image specification, "Image Configuration". `unpacked` is the SHA-256 of the layer before compression.
fn config(arch: Arch, unpacked: &str, version: Version, date: SourceDate) -> io::Result<Value> {
    let created = i64::try_from(date.seconds())
        .ok()
        .and_then(|seconds| jiff::Timestamp::from_second(seconds).ok())
        .ok_or_else(|| io::Error::other("the time is later than the year 9999"))?
        .to_string();
    let mut config = platform(arch);
    config["created"] = json!(created);
    config["config"] = json!({
        "User": format!("{USER}:{USER}"),
        "ExposedPorts": { "8725/tcp": {} },
        "Env": ENVIRONMENT,
        "Entrypoint": [format!("/{PROGRAM}")],
        "Cmd": ["serve"],
        "Volumes": { format!("/{DATA}"): {} },
        "WorkingDir": format!("/{DATA}"),
        "StopSignal": "SIGTERM",
        // Docker's extension, which others skip: compose.yaml says the same.
        "Healthcheck": {
            "Test": ["CMD", format!("/{PROGRAM}"), "healthcheck"],
            "Interval": 30 * SECOND,
            "Timeout": 10 * SECOND,
            "StartPeriod": 60 * SECOND,
            "Retries": 3,
        },
        "Labels": {
            "org.opencontainers.image.title": "Tocsin",
            "org.opencontainers.image.description": "A notification center for a NAS that never loses a notification",
            "org.opencontainers.image.version": version.to_string(),
            "org.opencontainers.image.licenses": "MIT OR Apache-2.0",
            "org.opencontainers.image.created": created,
        },
    });
    config["rootfs"] = json!({ "type": "layers", "diff_ids": [format!("sha256:{unpacked}")] });
    config["history"] = json!([{ "created": created, "created_by": "tocsin-package oci" }]);
    Ok(config)
}
