//! Code of the host that answers as a plugin does: the platform's own pages.
//!
//! It takes the same requests and gives the same pages, inside the same kind of call: one snapshot, one
//! change, run again when it conflicted, refusals put into the evidence. So whoever draws pages, reads forms,
//! exports tables and lists applications has one kind of thing to serve. What it does not need is the
//! sandbox: it is trusted with the services themselves, and bounded by theirs.

use std::sync::Arc;

use dinh_services::{Call, ServiceError};

use crate::bindings::{pages, views};
use crate::plugin::Plugin;
use crate::{Asked, Manifest, Runtime};

/// Pages that are built into the platform.
pub trait Native: Send + Sync {
    /// Draws a page.
    fn render(&self, call: &mut Call, asked: &Asked) -> Result<views::Page, Refused>;

    /// Handles what came back from a page drawn at the same path and query. What it wrote is committed when
    /// it returns `done`, as one change.
    fn submit(
        &self,
        call: &mut Call,
        asked: &Asked,
        submission: &pages::Submission,
    ) -> Result<pages::Outcome, Refused>;
}

/// Why built-in pages gave nothing.
#[derive(Debug)]
pub enum Refused {
    /// As a plugin refuses.
    Refusal(pages::Refusal),
    /// A service refused or failed; the call ends as the services' calls do.
    Service(ServiceError),
}

impl From<pages::Refusal> for Refused {
    fn from(refusal: pages::Refusal) -> Self {
        Self::Refusal(refusal)
    }
}

impl From<ServiceError> for Refused {
    fn from(error: ServiceError) -> Self {
        Self::Service(error)
    }
}

impl Runtime {
    /// Serves pages of the platform itself under the id that `manifest` names, until the runtime is dropped.
    /// No package can have that id: manifests of packages may not name the platform.
    pub fn build_in(&self, manifest: Manifest, native: Box<dyn Native>) {
        self.house().serve(&Arc::new(Plugin::native(manifest, native)));
    }
}
