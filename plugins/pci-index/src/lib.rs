//! Chỉ số PCI.
use dinh_sdk::prelude::*;

fn routes() -> Router {
    Router::new().page("/", |_| Ok(Page::new("PCI")))
}

dinh_sdk::plugin!(routes);
