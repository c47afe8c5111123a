//! What the administration says of itself: its name, its menu, and whom each of its pages is for.

use dinh_model::{Localized, PluginId};
use dinh_runtime::Manifest;
use dinh_runtime::limits::Limits;
use dinh_runtime::manifest::{MenuEntry, OpensTo, Route, Version};
use dinh_services::permissions::{
    ACCOUNT_MANAGE, AUDIT_READ, GRANT_MANAGE, PLUGIN_MANAGE, SHARING_DECIDE, SHARING_REQUEST, UNIT_MANAGE,
};

/// Path of a page, whom it is for, and its words in the menu if it has an entry.
type Entry = (&'static str, OpensTo, Option<(&'static str, &'static str)>);

/// The pages, those of the menu in its order.
fn pages() -> Vec<Entry> {
    let [units, accounts, grants, audit] =
        [&UNIT_MANAGE, &ACCOUNT_MANAGE, &GRANT_MANAGE, &AUDIT_READ].map(|permission| (**permission).clone());
    let people = || OpensTo::Holders(vec![accounts.clone(), grants.clone()]);
    let rights = || OpensTo::Holders(vec![grants.clone()]);
    let organisation = || OpensTo::Holders(vec![units.clone(), accounts.clone(), grants.clone()]);
    let contracts = [&SHARING_REQUEST, &SHARING_DECIDE, &AUDIT_READ].map(|permission| (**permission).clone());
    let contracts = OpensTo::Holders(contracts.to_vec());
    let any = vec![units.clone(), accounts.clone(), grants.clone(), audit.clone()];
    vec![
        ("/", OpensTo::Holders(any), Some(("Tổng quan", "Overview"))),
        // Each sees what waits for them, what they asked for, what they lent: everybody has such a page.
        ("/inbox", OpensTo::Everybody, Some(("Việc cần xử lý", "Inbox"))),
        ("/jobs", OpensTo::Everybody, Some(("Việc chạy nền", "Jobs"))),
        ("/requests", OpensTo::Everybody, Some(("Đề nghị của tôi", "My requests"))),
        ("/delegations", OpensTo::Everybody, Some(("Uỷ quyền", "Delegations"))),
        ("/units", organisation(), Some(("Đơn vị", "Units"))),
        ("/people", people(), Some(("Tài khoản", "Accounts"))),
        ("/positions", people(), None),
        ("/sessions", OpensTo::Holders(vec![accounts.clone()]), Some(("Phiên làm việc", "Sessions"))),
        ("/grants", rights(), Some(("Phân quyền", "Grants"))),
        ("/roles", rights(), Some(("Vai trò", "Roles"))),
        ("/who-can", rights(), Some(("Ai được làm?", "Who may?"))),
        ("/why-not", rights(), Some(("Vì sao không được?", "Why not?"))),
        ("/plugins", OpensTo::Holders(vec![PLUGIN_MANAGE.clone()]), Some(("Ứng dụng", "Applications"))),
        // Catalogs are for everybody to look up.
        ("/catalogs", OpensTo::Everybody, Some(("Danh mục dùng chung", "Shared catalogs"))),
        ("/datasets", OpensTo::Everybody, Some(("Dữ liệu chia sẻ", "Shared data"))),
        // Waivers stand in the register; their page decides them.
        ("/waivers", OpensTo::Everybody, None),
        ("/contracts", contracts, Some(("Thoả thuận chia sẻ", "Contracts"))),
        // The inbox leads there.
        ("/timers", OpensTo::Holders(vec![(*PLUGIN_MANAGE).clone()]), None),
        ("/evidence", OpensTo::Holders(vec![audit]), Some(("Nhật ký", "Evidence"))),
        // Of one record, for whom its collection says so as well.
        ("/evidence/seen", OpensTo::Everybody, None),
    ]
}

/// The manifest under which the runtime serves the administration; none if the platform's own id were none.
pub fn manifest() -> Option<Manifest> {
    let id: PluginId = PluginId::PLATFORM.parse().ok()?;
    let version = Version { major: 0, minor: 1, patch: 0 };
    let routes = pages().into_iter().map(|(path, opens_to, _)| Route { path: path.to_owned(), opens_to });
    let menu = pages().into_iter().filter_map(|(path, opens_to, words)| {
        let (vi, en) = words?;
        let title = Localized::new(vi, en);
        Some(MenuEntry { path: path.to_owned(), title, opens_to })
    });
    Some(Manifest {
        prints: Vec::new(),
        id,
        version,
        name: Localized::new("Quản trị", "Administration"),
        summary: Localized::new(
            "Đơn vị, tài khoản, chức vụ, phân quyền, danh mục và nhật ký của hệ thống.",
            "Units, accounts, positions, grants, catalogs and the evidence of the platform.",
        ),
        publisher: "Đình".to_owned(),
        licence: "Apache-2.0".to_owned(),
        permissions: Vec::new(),
        roles: Vec::new(),
        collections: Vec::new(),
        sequences: Vec::new(),
        tasks: Vec::new(),
        timers: Vec::new(),
        notices: Vec::new(),
        datasets: Vec::new(),
        wanted: Vec::new(),
        jobs: Vec::new(),
        service: Default::default(),
        routes: routes.collect(),
        menu: menu.collect(),
        limits: Limits { call: dinh_services::Limits::HOST, ..Limits::DEFAULT },
    })
}
