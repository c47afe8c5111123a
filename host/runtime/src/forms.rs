//! The files of a plugin's printed forms, from its package.

use dinh_model::FormFiles;

use crate::package::Package;
use crate::plugin::Plugin;
use crate::{Runtime, RuntimeError};

impl Runtime {
    /// The files of a plugin's printed forms: read from its package each time, which printing takes far longer than;
    /// none of what is built in.
    pub fn forms(&self, plugin: &Plugin) -> Result<FormFiles, RuntimeError> {
        let Some(hash) = plugin.package() else { return Ok(FormFiles::default()) };
        let bytes = self.house().packages.get(hash)?;
        Ok(Package::read(&bytes)?.forms)
    }
}
