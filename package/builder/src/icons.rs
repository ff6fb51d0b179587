//! Tocsin's icon in the sizes that the systems' desktops ask for. Made from `public/favicon.svg` by
//! `package/icons/render.mjs`.

/// What each file is called: its width and height in pixels, then the image.
pub const COLOURED: [(u32, &[u8]); 8] = [
    (16, include_bytes!("../../icons/tocsin-16.png")),
    (24, include_bytes!("../../icons/tocsin-24.png")),
    (32, include_bytes!("../../icons/tocsin-32.png")),
    (48, include_bytes!("../../icons/tocsin-48.png")),
    (64, SIZE_64),
    (72, include_bytes!("../../icons/tocsin-72.png")),
    (80, SIZE_80),
    (256, include_bytes!("../../icons/tocsin-256.png")),
];

/// 64 pixels wide and high.
pub const SIZE_64: &[u8] = include_bytes!("../../icons/tocsin-64.png");

/// 80 pixels wide and high.
pub const SIZE_80: &[u8] = include_bytes!("../../icons/tocsin-80.png");

/// For an app that is switched off, 64 pixels wide and high.
pub const GREY_64: &[u8] = include_bytes!("../../icons/tocsin-64-grey.png");

/// The icon that is `pixels` wide and high, where there is one.
pub fn coloured(pixels: u32) -> Option<&'static [u8]> {
    COLOURED
        .iter()
        .find(|(size, _)| *size == pixels)
        .map(|(_, image)| *image)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Width and height, big-endian, as PNG's first chunk says them (PNG 1.2, 4.1.1).
    fn size(image: &[u8]) -> [u32; 2] {
        let number = |at: usize| {
            image[at..at + 4]
                .iter()
                .fold(0, |sum, byte| sum << 8 | u32::from(*byte))
        };
        assert!(image.starts_with(b"\x89PNG\r\n\x1a\n"));
        [number(16), number(20)]
    }

    #[test]
    fn each_icon_is_a_square_of_its_size() {
        for (pixels, image) in COLOURED {
            assert_eq!(size(image), [pixels, pixels]);
        }
        assert_eq!(size(GREY_64), [64, 64]);
    }
}
