//! What a plugin returns is a page, or the plugin has failed.

use dinh_runtime::CallError;

use crate::house::{House, component};
use crate::lines;

#[test]
fn a_page_that_is_none_is_a_failure_whose_place_the_vendor_reads() {
    let house = House::new();
    house.install(&component("hostile")).unwrap();
    house.give(house.officer, "hostile.vandal", house.province);
    let lines = lines::collect("the page is not well formed at");
    for (path, place) in [
        ("/large", "sections[0].blocks[0].text[0].spans[0].text: 100000 bytes"),
        ("/twice", "sections[1].id: "),
        ("/short", "table.data[0]: a validity list of 1 bytes for 100 rows"),
        ("/ends", "table.data[0]: ends at 4294967295 of 3"),
        ("/utf8", "table.data[0]: a text that is not UTF-8"),
        ("/script", "breadcrumbs[0].target"),
        ("/secret", "label: the platform may not hold"),
    ] {
        assert!(matches!(house.draw(house.officer, "hostile", path), Err(CallError::Failed)), "{path}");
        let lines = lines.lock().unwrap();
        assert!(lines.iter().any(|line| line.contains(place)), "{path}: {lines:?}");
        assert_eq!(house.last().0, "call.failed");
    }
}
