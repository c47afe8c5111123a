//! A QR code as a picture in the page itself: no script, no image from elsewhere.

use maud::{Markup, html};
use qrcodegen::{QrCode, QrCodeEcc};

/// Light modules around it, as ISO/IEC 18004 asks for.
const MARGIN: i32 = 4;

/// Draws a text; nothing when it is too long for any code.
pub fn draw(text: &str, label: &str) -> Markup {
    let Ok(code) = QrCode::encode_text(text, QrCodeEcc::Medium) else { return html! {} };
    let size = code.size();
    let mut path = String::new();
    for y in 0..size {
        for x in (0..size).filter(|x| code.get_module(*x, y)) {
            path.push_str(&format!("M{},{}h1v1h-1z", x + MARGIN, y + MARGIN));
        }
    }
    let side = size + 2 * MARGIN;
    html! {
        svg class="qr" viewBox={ "0 0 " (side) " " (side) } role="img" aria-label=(label) shape-rendering="crispEdges" {
            rect width="100%" height="100%" fill="#fff" {}
            path d=(path) fill="#000" {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_becomes_dark_squares_on_a_light_ground_and_one_that_is_too_long_nothing() {
        let drawn = draw("otpauth://totp/x:lan?secret=GEZDGNBVGY3TQOJQ", "Mã QR").into_string();
        // The finder in the upper left corner, inside the margin.
        assert!(drawn.contains("M4,4h1v1h-1zM5,4h1v1h-1z"), "{drawn}");
        assert!(drawn.contains("aria-label=\"Mã QR\"") && !drawn.contains("style="));
        assert_eq!(draw(&"x".repeat(5_000), "").into_string(), "");
    }
}
