//! The platform's own permissions and roles. They belong to the code, not to the store: a new
//! version of the platform brings its new permissions with it.

use std::sync::LazyLock;

use dinh_model::{Localized, Permission, RoleId};

use crate::accounts::Role;

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
    /// Define shared catalogs and decide what is proposed for them.
    CATALOG_MANAGE = "dinh.catalog.manage", "Quản lý danh mục dùng chung", "Manage shared catalogs";
    /// Propose entries of shared catalogs; a steward decides.
    CATALOG_PROPOSE = "dinh.catalog.propose", "Đề nghị sửa danh mục dùng chung", "Propose catalog entries";
    /// Install plugins and admit what they ask for.
    PLUGIN_MANAGE = "dinh.plugin.manage", "Quản lý ứng dụng", "Manage plugins";
    /// Read the evidence.
    AUDIT_READ = "dinh.audit.read", "Xem nhật ký", "Read the evidence";
    /// Approve accounts that another person asked for (Lào Cai, Quyết định 95/QĐ-SKH 2013, điều 12.4).
    ACCOUNT_APPROVE = "dinh.account.approve", "Phê duyệt tài khoản", "Approve accounts";
    /// Approve grants that another person asked for.
    GRANT_APPROVE = "dinh.grant.approve", "Phê duyệt phân quyền", "Approve grants";
    /// Ask other units for their datasets, and give up what was agreed to.
    SHARING_REQUEST = "dinh.sharing.request", "Đề nghị chia sẻ dữ liệu", "Ask for shared data";
    /// Decide, as the steward of a unit's data, who may read it, and end what was agreed to.
    SHARING_DECIDE = "dinh.sharing.decide", "Quyết định chia sẻ dữ liệu", "Decide on shared data";
    /// Read rows of datasets with a program, under a contract.
    DATASET_READ = "dinh.dataset.read", "Đọc bộ dữ liệu chia sẻ bằng chương trình", "Read shared datasets with a program";
    /// Write what was read at a label to something of a lower one.
    LABEL_DECLASSIFY = "dinh.label.declassify", "Giải mật", "Declassify";
    /// Export tables that hold what is confidential.
    LABEL_EXPORT = "dinh.label.export", "Xuất dữ liệu Mật", "Export confidential data";
}

/// What lets somebody decide on what another person asked for.
pub fn decides() -> [&'static Permission; 3] {
    [&ACCOUNT_APPROVE, &GRANT_APPROVE, &SHARING_DECIDE]
}

/// The role of whoever runs the platform: every permission of the platform but those to approve, so that
/// nobody approves by the role they ask under. Entries of catalogs, which give no right, it may propose and decide; the
/// two are always different people.
pub static ADMINISTRATOR: LazyLock<RoleId> = LazyLock::new(|| parsed("dinh.administrator"));

/// The director's role: approves what others ask for.
pub static DIRECTOR: LazyLock<RoleId> = LazyLock::new(|| parsed("dinh.director"));

/// The role of a unit's one head administrator. Given by naming a head or by a hand-over, never by itself.
pub static HEAD: LazyLock<RoleId> = LazyLock::new(|| parsed("dinh.head"));

/// The platform's roles. The last ones are parts that a head administrator gives to lesser administrators, an
/// area each (Khánh Hòa, quy chế 2023, điều 19.2c).
pub fn roles() -> Vec<Role> {
    // What is confidential, and reading with a program, is given by name, never with everything else.
    let apart = [&*DATASET_READ, &*LABEL_DECLASSIFY, &*LABEL_EXPORT];
    let managing = all().into_iter().map(|(permission, _)| permission);
    let managing =
        managing.filter(|permission| !decides().contains(&permission) && !apart.contains(&permission));
    let managing = managing.collect();
    let role = |id: RoleId, vi: &str, en: &str, held: &[&Permission]| Role {
        id,
        title: Localized::new(vi, en),
        permissions: held.iter().map(|&permission| permission.clone()).collect(),
    };
    let part = |name: &str, vi: &str, en: &str, held: &Permission| role(parsed(name), vi, en, &[held]);
    vec![
        Role {
            id: ADMINISTRATOR.clone(),
            title: Localized::new("Quản trị hệ thống", "System administrator"),
            permissions: managing,
        },
        role(
            DIRECTOR.clone(),
            "Thủ trưởng phê duyệt",
            "Director",
            &[&ACCOUNT_APPROVE, &GRANT_APPROVE, &SHARING_DECIDE, &AUDIT_READ, &CATALOG_MANAGE],
        ),
        role(
            HEAD.clone(),
            "Quản trị tối cao của đơn vị",
            "Head administrator of a unit",
            &[&UNIT_MANAGE, &ACCOUNT_MANAGE, &GRANT_MANAGE, &SHARING_REQUEST, &AUDIT_READ, &CATALOG_PROPOSE],
        ),
        part("dinh.unit-administrator", "Quản trị cơ cấu đơn vị", "Unit administrator", &UNIT_MANAGE),
        part("dinh.account-administrator", "Quản trị tài khoản", "Account administrator", &ACCOUNT_MANAGE),
        part("dinh.grant-administrator", "Quản trị phân quyền", "Grant administrator", &GRANT_MANAGE),
        part("dinh.auditor", "Người xem nhật ký", "Auditor", &AUDIT_READ),
        part(
            "dinh.sharing-administrator",
            "Đầu mối đề nghị dữ liệu",
            "Sharing administrator",
            &SHARING_REQUEST,
        ),
        part("dinh.steward", "Người quản lý dữ liệu", "Data steward", &SHARING_DECIDE),
        part("dinh.data-reader", "Hệ thống đọc dữ liệu chia sẻ", "Reader of datasets", &DATASET_READ),
        part("dinh.declassifier", "Người giải mật", "Declassifier", &LABEL_DECLASSIFY),
        part(
            "dinh.confidential-exporter",
            "Người xuất dữ liệu Mật",
            "Exporter of confidential data",
            &LABEL_EXPORT,
        ),
        part("dinh.catalog-steward", "Quản lý danh mục", "Catalog steward", &CATALOG_MANAGE),
        part("dinh.catalog-proposer", "Đề nghị sửa danh mục", "Catalog proposer", &CATALOG_PROPOSE),
    ]
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
        assert_eq!(all.len(), 14);
        assert!(all.iter().all(|(permission, _)| permission.plugin() == "dinh"));
        assert!(roles().iter().all(|role| role.id.as_str().starts_with("dinh.")));
        assert_eq!(ADMINISTRATOR.as_str(), "dinh.administrator");
    }

    #[test]
    fn no_role_both_asks_and_approves() {
        for role in roles() {
            let has = |permission: &Permission| role.permissions.contains(permission);
            assert!(!(has(&ACCOUNT_MANAGE) && has(&ACCOUNT_APPROVE)), "{}", role.id);
            assert!(!(has(&GRANT_MANAGE) && has(&GRANT_APPROVE)), "{}", role.id);
            assert!(!(has(&SHARING_REQUEST) && has(&SHARING_DECIDE)), "{}", role.id);
        }
    }
}
