//! Roles (vai trò): what each holds and who has it; defined, and defined anew.

use dinh_model::{Localized, Permission, RoleId};
use dinh_runtime::bindings::pages::Outcome;
use dinh_runtime::bindings::types::Value;
use dinh_runtime::bindings::views::{Choice, ChoiceStyle, Choices, Field, FieldKind, Form, Format, Page};
use dinh_services::accounts::{
    GrantFilter, Role, define_role, find_grants, find_role, list_all_units, list_permissions, list_roles,
};
use dinh_services::permissions::{ADMINISTRATOR, GRANT_MANAGE, PLUGIN_MANAGE};

use super::blocks::{bullets, folded_form, link, page as blank, section, text, untitled};
use super::desk::{Desk, Given, Inputs};
use super::fields::{Described, field, form, line, option};
use super::grants;
use super::table::Rows;

/// Grants of a role that its page shows; the roll shows all.
const SHOWN: usize = 20;

/// `/roles`
pub fn page(desk: &mut Desk<'_>) -> Given<Page> {
    let language = desk.language();
    let roles = list_roles(desk.call)?;
    let list = Rows::new("roles", &roles, desk.say("Chưa có vai trò nào.", "No roles."))
        .text("title", desk.say("Vai trò", "Role"), |role| role.title.get(language).to_owned())
        .target(|role| Some(format!("/roles/{}", role.id)))
        .code("role", desk.say("Mã", "Code"), |role| role.id.to_string())
        .number("permissions", desk.say("Số quyền", "Permissions"), Format::Integer, |role| {
            role.permissions.len() as u64
        })
        .block();
    let mut page = blank(desk.say("Vai trò", "Roles"));
    page.subtitle =
        Some(desk.say("Mỗi vai trò là một tập hợp quyền có tên.", "Each is a named set of permissions."));
    page.breadcrumbs = desk.way(vec![]);
    page.sections = vec![untitled("list", vec![list])];
    if may_define(desk)? {
        let code = line("role", desk.say("Mã vai trò", "Code"), 81).required().help(desk.say(
            "Dạng “đơn-vị.tên”, ví dụ skhdt.can-bo; không đổi được về sau.",
            "As “unit.name”, such as skhdt.officer; it cannot be changed later.",
        ));
        let new = definition(desk, "define", code, None)?;
        let title = desk.say("Định nghĩa vai trò mới", "Define a new role");
        page.sections.push(folded_form("new", title, new));
    }
    Ok(page)
}

/// Whether the reader may define roles of the deployment's own: everywhere, as the service asks.
fn may_define(desk: &Desk<'_>) -> Given<bool> {
    let roots = list_all_units(desk.call, None)?;
    Ok(!roots.is_empty() && roots.iter().all(|root| desk.may(&GRANT_MANAGE, root.id)))
}

fn definition(desk: &Desk<'_>, id: &str, code: Field, role: Option<&Role>) -> Given<Form> {
    let known = permissions(desk)?;
    let style = ChoiceStyle::Automatic;
    let held = field(
        "permissions",
        desk.say("Các quyền", "Permissions"),
        FieldKind::ChoiceList(Choices { choices: known, style }),
    );
    let (vi, en, ticked) = match role {
        Some(role) => {
            let ticked = role.permissions.iter().map(ToString::to_string).collect();
            (text(&role.title.vi), text(&role.title.en), Value::Texts(ticked))
        }
        None => (Value::Empty, Value::Empty, Value::Empty),
    };
    let mut fields = vec![
        line("vi", desk.say("Tên (tiếng Việt)", "Title (Vietnamese)"), 200).required().value(vi),
        line("en", desk.say("Tên (tiếng Anh)", "Title (English)"), 200).required().value(en),
        held.required().value(ticked),
    ];
    if role.is_none() {
        fields.insert(0, code);
    }
    Ok(form(id, desk.say("Lưu vai trò", "Save the role"), fields))
}

/// All permissions, as choices.
pub fn permissions(desk: &Desk<'_>) -> Given<Vec<Choice>> {
    let all = list_permissions(desk.call)?;
    let titled = |(id, title): &(Permission, Localized)| {
        option(id.as_str(), format!("{} ({id})", title.get(desk.language())))
    };
    Ok(all.iter().map(titled).collect())
}

/// What comes back from the list.
pub fn submit(desk: &mut Desk<'_>, inputs: &Inputs<'_>) -> Given<Outcome> {
    let id: RoleId = inputs.parsed("role")?;
    if find_role(desk.call, &id)?.is_some() {
        return Err(dinh_services::ServiceError::exists(dinh_services::Thing::Role, id).into());
    }
    redefine(desk, inputs, &id)
}

/// `/roles/ID`
pub fn role_page(desk: &mut Desk<'_>, id: &RoleId) -> Given<Page> {
    let role = find_role(desk.call, id)?.ok_or_else(|| desk.missing())?;
    let language = desk.language();
    let mut page = blank(role.title.get(language).to_owned());
    page.subtitle = Some(role.id.to_string());
    page.breadcrumbs = desk.way(vec![link(desk.say("Vai trò", "Roles"), "/roles")]);
    let known = list_permissions(desk.call)?;
    let held: Vec<_> = known.iter().filter(|(permission, _)| role.permissions.contains(permission)).collect();
    let list = Rows::new("permissions-of", &held, desk.say("Không có quyền nào.", "No permissions."))
        .text("title", desk.say("Quyền", "Permission"), |(_, title)| title.get(language).to_owned())
        .code("permission", desk.say("Mã", "Code"), |(permission, _)| permission.to_string())
        .within()
        .block();
    page.sections.push(section("permissions", desk.say("Các quyền", "Permissions"), vec![list]));

    let filter = GrantFilter { role: Some(id.clone()), in_force: Some(true), ..GrantFilter::default() };
    let found = find_grants(desk.call, &filter, None, SHOWN)?;
    let named = grants::named(desk, &found.grants)?;
    let mut blocks = vec![grants::table(desk, "grants", &named).within().block()];
    if found.next.is_some() {
        let path = format!("/grants?role={id}&standing=in-force");
        blocks.push(bullets(vec![link(desk.say("Tất cả", "All of them"), path)]));
    }
    page.sections.push(section("holders", desk.say("Ai có vai trò này", "Who has it"), blocks));

    let own = *id != *ADMINISTRATOR;
    let roots = list_all_units(desk.call, None)?;
    let of_plugin = role.permissions.iter().all(|held| Some(held.plugin()) == id.as_str().split('.').next());
    let needed = if of_plugin { &*PLUGIN_MANAGE } else { &*GRANT_MANAGE };
    if own && !roots.is_empty() && roots.iter().all(|root| desk.may(needed, root.id)) {
        let form = definition(desk, "define", line("role", String::new(), 1), Some(&role))?;
        let title = desk.say("Sửa vai trò", "Change the role");
        page.sections.push(folded_form("change", title, form));
    }
    Ok(page)
}

/// What comes back from it.
pub fn redefine(desk: &mut Desk<'_>, inputs: &Inputs<'_>, id: &RoleId) -> Given<Outcome> {
    let held: Result<Vec<Permission>, _> =
        inputs.texts("permissions").iter().map(|text| text.parse()).collect();
    let held = held.map_err(|_| desk.missing())?;
    let title = Localized::new(inputs.text("vi"), inputs.text("en"));
    define_role(desk.call, id, &title, &held)?;
    desk.done(format!("/roles/{id}"), "Đã lưu vai trò", "The role was saved")
}
