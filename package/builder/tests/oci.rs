//! A reader of OCI image layouts written from the specification, and what it finds in an archive of ours.
#![allow(clippy::unwrap_used)]

use serde_json::Value;
use std::collections::BTreeMap;
use std::io::Read as _;
use tocsin_package::arch::Arch;
use tocsin_package::digest::sha256;
use tocsin_package::oci;

struct Layout(BTreeMap<String, Vec<u8>>);

impl Layout {
    fn read(archive: &[u8]) -> Self {
        let mut files = BTreeMap::new();
        for entry in tar::Archive::new(archive).entries().unwrap() {
            let mut entry = entry.unwrap();
            let path = entry.path().unwrap().to_str().unwrap().to_owned();
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).unwrap();
            files.insert(path, bytes);
        }
        Self(files)
    }

    fn json(&self, path: &str) -> Value {
        serde_json::from_slice(&self.0[path]).unwrap()
    }

    /// The bytes that a descriptor leads to, if they are those that it describes.
    fn blob(&self, descriptor: &Value) -> Option<&[u8]> {
        let digest = descriptor["digest"].as_str()?.strip_prefix("sha256:")?;
        let bytes = self.0.get(&format!("blobs/sha256/{digest}"))?;
        let right = sha256(bytes) == digest && descriptor["size"] == bytes.len();
        right.then_some(bytes)
    }

    fn follow(&self, descriptor: &Value) -> Value {
        serde_json::from_slice(self.blob(descriptor).unwrap()).unwrap()
    }

    fn index(&self) -> Value {
        self.follow(&self.json("index.json")["manifests"][0])
    }
}

fn unpacked(layer: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    flate2::read::GzDecoder::new(layer)
        .read_to_end(&mut bytes)
        .unwrap();
    bytes
}

fn archive() -> Vec<u8> {
    let programs = vec![
        (Arch::X86_64, b"for Intel and AMD".to_vec()),
        (Arch::Aarch64, b"for ARM".to_vec()),
    ];
    oci::build(programs, "1.2.3".parse().unwrap(), "1700000000".parse().unwrap()).unwrap()
}

#[test]
fn the_index_leads_to_an_image_for_each_processor() {
    let layout = Layout::read(&archive());
    assert_eq!(layout.json("oci-layout")["imageLayoutVersion"], "1.0.0");
    let name = &layout.json("index.json")["manifests"][0]["annotations"]["io.containerd.image.name"];
    assert_eq!(name, "docker.io/library/tocsin:1.2.3");
    let index = layout.index();
    let images = index["manifests"].as_array().unwrap();
    for (image, (architecture, program)) in images
        .iter()
        .zip([("amd64", "for Intel and AMD"), ("arm64", "for ARM")])
    {
        assert_eq!(image["platform"]["architecture"], architecture);
        let manifest = layout.follow(image);
        let config = layout.follow(&manifest["config"]);
        assert_eq!(config["architecture"], architecture);
        let files = unpacked(layout.blob(&manifest["layers"][0]).unwrap());
        assert_eq!(
            config["rootfs"]["diff_ids"][0],
            format!("sha256:{}", sha256(&files))
        );
        let mut files = tar::Archive::new(files.as_slice());
        let mut held = files
            .entries()
            .unwrap()
            .map(Result::unwrap)
            .find(|entry| entry.path().unwrap().to_str() == Some("usr/bin/tocsin"))
            .unwrap();
        let mut text = String::new();
        held.read_to_string(&mut text).unwrap();
        assert_eq!((text.as_str(), held.header().mode().unwrap()), (program, 0o755));
    }
    assert_eq!(images.len(), 2);
}

#[test]
fn it_runs_as_nobody_in_particular_with_its_data_in_a_volume() {
    let layout = Layout::read(&archive());
    let manifest = layout.follow(&layout.index()["manifests"][0]);
    let config = layout.follow(&manifest["config"])["config"].clone();
    assert_eq!(config["User"], "10001:10001");
    assert_eq!(
        config["Entrypoint"],
        Value::from(vec![Value::from("/usr/bin/tocsin")])
    );
    assert!(config["Volumes"]["/data"].is_object());
    assert!(config["ExposedPorts"]["8725/tcp"].is_object());
    assert_eq!(config["Healthcheck"]["Test"][2], "healthcheck");
    assert_eq!(config["Labels"]["org.opencontainers.image.version"], "1.2.3");
    let files = unpacked(layout.blob(&manifest["layers"][0]).unwrap());
    let mut files = tar::Archive::new(files.as_slice());
    let owners: BTreeMap<_, _> = files
        .entries()
        .unwrap()
        .map(|entry| {
            let header = entry.unwrap().header().clone();
            (
                header.path().unwrap().to_str().unwrap().to_owned(),
                (header.uid().unwrap(), header.mode().unwrap()),
            )
        })
        .collect();
    assert_eq!(owners["data/"], (10001, 0o700));
    assert_eq!(owners["usr/bin/tocsin"].0, 0);
}

#[test]
fn an_older_docker_finds_an_image_for_each_processor() {
    let layout = Layout::read(&archive());
    let images = layout.json("manifest.json");
    for (image, tag) in images
        .as_array()
        .unwrap()
        .iter()
        .zip(["tocsin:1.2.3-amd64", "tocsin:1.2.3-arm64"])
    {
        assert_eq!(image["RepoTags"][0], tag);
        let config = layout.json(image["Config"].as_str().unwrap());
        let layer = unpacked(&layout.0[image["Layers"][0].as_str().unwrap()]);
        assert_eq!(
            config["rootfs"]["diff_ids"][0],
            format!("sha256:{}", sha256(&layer))
        );
    }
}

#[test]
fn a_changed_byte_is_found_in_every_blob() {
    let layout = Layout::read(&archive());
    let index = layout.json("index.json")["manifests"][0].clone();
    let manifest = layout.index()["manifests"][1].clone();
    let parts = layout.follow(&manifest);
    for descriptor in [&index, &manifest, &parts["config"], &parts["layers"][0]] {
        let mut changed = Layout(layout.0.clone());
        let digest = descriptor["digest"]
            .as_str()
            .unwrap()
            .trim_start_matches("sha256:");
        let bytes = changed.0.get_mut(&format!("blobs/sha256/{digest}")).unwrap();
        bytes[0] ^= 1;
        assert_eq!(changed.blob(descriptor), None);
        assert!(layout.blob(descriptor).is_some());
    }
}

#[test]
fn the_same_input_makes_the_same_bytes() {
    assert_eq!(archive(), archive());
}
