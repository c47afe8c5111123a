//! Any file of codes is taken or refused, each mistake with words of bounded length.

use dinh_services::{ServiceError, catalog};

use crate::house::house;

const FILES: [&str; 4] = [
    "",
    "code,name_vi,name_en,valid_from\n",
    "{\"entries\":[",
    "{\"entries\":[{\"code\":\"zz\",\"name_vi\":\"Z\",",
];

/// `which catalog, how it begins · bytes`.
pub fn run(bytes: &[u8]) {
    let Some((how, rest)) = bytes.split_first() else { return };
    let catalog = [catalog::PROVINCES, catalog::HOLIDAYS, catalog::GRADES][usize::from(how & 3) % 3];
    let file = [FILES[usize::from(how >> 2 & 3)].as_bytes(), rest].concat();
    let mut call = house().operator();
    match catalog::import(&mut call, catalog, "tệp", &file, "thử") {
        Ok(imported) => {
            for problem in &imported.problems {
                assert!(!problem.message.is_empty() && problem.message.len() < 8_192);
            }
        }
        Err(ServiceError::Invalid { .. }) => {}
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}
