//! The platform's own permissions and its one role. They belong to the code, not to the store: a new
//! version of the platform brings its new permissions with it.

use std::sync::LazyLock;

use dinh_model::{Localized, Permission, RoleId};

macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $vi:literal, $en:literal;)*) => {
        $($(#[$doc])* pub static $name: LazyLock<Permission> = LazyLock::new(|| parsed($text));)*

        /// All of them with their titles.
        pub fn all() -> Vec<(Permission, Localized)> {
            vec![$(($name.clone(), Localized::new($vi, $en))),*]
        }
    };
}

permissions! {
    /// Create, rename, move and end units.
    UNIT_MANAGE = "dinh.unit.manage", "Quản lý đơn vị", "Manage units";
    /// Create, suspend, release and close accounts; set passwords; positions and who holds them.
    ACCOUNT_MANAGE = "dinh.account.manage", "Quản lý tài khoản", "Manage accounts";
    /// Give and withdraw grants; define roles.
    GRANT_MANAGE = "dinh.grant.manage", "Phân quyền", "Manage grants";
    /// Change shared catalogs.
    CATALOG_MANAGE = "dinh.catalog.manage", "Quản lý danh mục dùng chung", "Manage shared catalogs";
    /// Install plugins and admit what they ask for.
    PLUGIN_MANAGE = "dinh.plugin.manage", "Quản lý ứng dụng", "Manage plugins";
    /// Read the evidence.
    AUDIT_READ = "dinh.audit.read", "Xem nhật ký", "Read the evidence";
}

/// The role that holds all of them.
pub static ADMINISTRATOR: LazyLock<RoleId> = LazyLock::new(|| parsed("dinh.administrator"));

/// Its title.
pub fn administrator_title() -> Localized {
    Localized::new("Quản trị hệ thống", "System administrator")
}

/// A name written in this file, which the test below holds to its form.
#[allow(clippy::expect_used, reason = "the names are constants of this file and tested")]
fn parsed<T: std::str::FromStr<Err: std::fmt::Debug>>(name: &str) -> T {
    name.parse().expect("a well-formed name")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_well_formed_and_belongs_to_the_platform() {
        let all = all();
        assert_eq!(all.len(), 6);
        assert!(all.iter().all(|(permission, _)| permission.plugin() == "dinh"));
        assert_eq!(ADMINISTRATOR.as_str(), "dinh.administrator");
    }
}
