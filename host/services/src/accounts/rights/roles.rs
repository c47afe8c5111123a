//! Permissions that plugins declare, and roles.

use dinh_access::Grantee;
use dinh_model::{Localized, Permission, PluginId, RoleId, Target, UnitId, key};
use dinh_store::{Direction, Snapshot};

use crate::accounts::{Role, StoredGrant, people, positions, units};
use crate::call::decode;
use crate::permissions::{self, GRANT_MANAGE, PLUGIN_MANAGE};
use crate::{Call, ServiceError, Thing, space};

/// Makes the permissions and roles known that `plugin` brings, which is at home in the unit `home`: the caller
/// knows that it is at home nowhere else. They are the plugin's own, so that they change nobody's rights to
/// anything else. A plugin that is new to the house comes to a unit in its term; one that is known stays, whatever
/// became of its home, so that it can still be mended. Needs `dinh.plugin.manage` for the root above the home.
pub fn declare_plugin(
    call: &mut Call,
    plugin: &PluginId,
    home: UnitId,
    permissions: &[(Permission, Localized)],
    roles: &[Role],
) -> Result<(), ServiceError> {
    let root = units::root_above(call, home)?;
    call.require(&PLUGIN_MANAGE, &Target::unit(root))?;
    let mine = |permission: &Permission| permission.plugin() == plugin.as_str();
    let held = roles.iter().flat_map(|role| &role.permissions);
    let owned = roles.iter().all(|role| role.id.as_str().split('.').next() == Some(plugin.as_str()));
    if !owned || !permissions.iter().map(|(permission, _)| permission).chain(held).all(mine) {
        return Err(ServiceError::invalid(
            format!("Ứng dụng chỉ khai báo quyền và vai trò “{plugin}.…” của mình."),
            format!("A plugin declares permissions and roles of its own, `{plugin}.…`, only."),
        ));
    }
    let mut known = false;
    for (permission, _) in permissions {
        known |= is_known(call, permission)?;
    }
    if !known {
        units::in_term(call, home)?;
    }
    for (permission, title) in permissions {
        declare(call, permission, title)?;
    }
    roles.iter().try_for_each(|role| define(call, &role.id, &role.title, &role.permissions))
}

/// Makes a plugin's permission known. Needs `dinh.plugin.manage` everywhere.
pub fn declare_permission(
    call: &mut Call,
    permission: &Permission,
    title: &Localized,
) -> Result<(), ServiceError> {
    call.require_everywhere(&PLUGIN_MANAGE)?;
    declare(call, permission, title)
}

fn declare(call: &mut Call, permission: &Permission, title: &Localized) -> Result<(), ServiceError> {
    if permission.plugin() == PluginId::PLATFORM {
        return Err(ServiceError::invalid(
            "Quyền “dinh.…” thuộc về hệ thống.",
            "Permissions `dinh.…` belong to the platform.",
        ));
    }
    let key = permission_key(permission);
    if call.load::<Localized>(&key)?.as_ref() == Some(title) {
        return Ok(());
    }
    call.save(key, title)?;
    call.evidence("permission.declared", format!("permission:{permission}"), []);
    Ok(())
}

/// Defines a role, or defines it anew. Every permission must be known. A plugin's role needs
/// `dinh.plugin.manage` everywhere and holds that plugin's permissions only; a role of the deployment's
/// own (`unit-code.name`, say) needs `dinh.grant.manage` everywhere. Neither gains anything while it is granted: that
/// would give rights that no second person approved. (A new release of a plugin brings its roles by
/// [`declare_plugin`], after whoever installs it was shown who gains.)
pub fn define_role(
    call: &mut Call,
    id: &RoleId,
    title: &Localized,
    permissions: &[Permission],
) -> Result<(), ServiceError> {
    let owner = id.as_str().split('.').next().unwrap_or_default();
    let of_plugin = !permissions.is_empty() && permissions.iter().all(|held| held.plugin() == owner);
    call.require_everywhere(if of_plugin { &PLUGIN_MANAGE } else { &GRANT_MANAGE })?;
    if !call.origin.operator {
        gains_nothing_while_granted(call, id, permissions)?;
    }
    define(call, id, title, permissions)
}

/// Holders of a role that a refusal names; the rest is counted.
const NAMED: usize = 5;

fn gains_nothing_while_granted(
    call: &Call,
    id: &RoleId,
    permissions: &[Permission],
) -> Result<(), ServiceError> {
    let Some(before) = find_role(call, id)? else { return Ok(()) };
    if permissions.iter().all(|held| before.permissions.contains(held)) {
        return Ok(());
    }
    let (mut named, mut count) = (Vec::new(), 0);
    for item in call.transaction.range(&[space::GRANT], Some(&[space::GRANT + 1]), Direction::Forward) {
        let (key, stored) = item?;
        let grant: StoredGrant = decode(&key, &stored.value)?;
        if grant.withdrawn.is_none() && grant.role == *id {
            count += 1;
            if named.len() < NAMED {
                named.push(holder(call, grant.to)?);
            }
        }
    }
    if count == 0 {
        return Ok(());
    }
    let more = count - named.len();
    let list = |and: &str| match more {
        0 => named.join(", "),
        _ => format!("{}, +{more} {and}", named.join(", ")),
    };
    Err(ServiceError::refused(
        "role-is-granted",
        format!("role:{id}"),
        format!(
            "Vai trò “{id}” đang được phân cho {}: không thể thêm quyền mà không có người thứ hai phê duyệt. Hãy lập vai trò mới rồi đề nghị phân quyền, hoặc thu hồi các phân quyền này trước.",
            list("phân quyền khác")
        ),
        format!(
            "The role {id} is granted to {} and cannot gain permissions that no second person approved; define another role and ask for grants of it, or withdraw these first.",
            list("other grants")
        ),
    ))
}

/// Whoever has a grant, in short.
fn holder(call: &Call, to: Grantee) -> Result<String, ServiceError> {
    Ok(match to {
        Grantee::Account(account) => format!("“{}”", people::get_account(call, account)?.login),
        Grantee::Position(position) => {
            let title = positions::get_position(call, position)?.title;
            format!("“{}”", title.get(call.language()))
        }
    })
}

fn define(
    call: &mut Call,
    id: &RoleId,
    title: &Localized,
    permissions: &[Permission],
) -> Result<(), ServiceError> {
    if is_platform(id) {
        return Err(ServiceError::invalid(
            "Vai trò “dinh.…” thuộc về hệ thống.",
            "Roles `dinh.…` belong to the platform.",
        ));
    }
    let mut held = Vec::new();
    for permission in permissions {
        if !is_known(call, permission)? {
            return Err(ServiceError::not_found(Thing::Permission, permission));
        }
        if !held.contains(permission) {
            held.push(permission.clone());
        }
    }
    let role = Role { id: id.clone(), title: title.clone(), permissions: held };
    if find_role(call, id)?.as_ref() == Some(&role) {
        return Ok(());
    }
    call.save(role_key(id), &role)?;
    call.evidence(
        "role.defined",
        format!("role:{id}"),
        [("permissions", role.permissions.len().to_string())],
    );
    Ok(())
}

/// A role; none when it is not defined.
pub fn find_role(call: &Call, id: &RoleId) -> Result<Option<Role>, ServiceError> {
    if is_platform(id) {
        return Ok(permissions::roles().into_iter().find(|role| role.id == *id));
    }
    call.load(&role_key(id))
}

/// Whether a role lets somebody approve what others ask for.
pub(in crate::accounts) fn approves(call: &Call, id: &RoleId) -> Result<bool, ServiceError> {
    let role = find_role(call, id)?;
    let mut held = role.iter().flat_map(|role| &role.permissions);
    Ok(held.any(|held| permissions::decides().contains(&held)))
}

/// All roles, the platform's first, the others by name.
pub fn list_roles(call: &Call) -> Result<Vec<Role>, ServiceError> {
    let mut roles = permissions::roles();
    for item in call.transaction.range(&[space::ROLE], Some(&[space::ROLE + 1]), Direction::Forward) {
        let (key, stored) = item?;
        roles.push(decode(&key, &stored.value)?);
    }
    Ok(roles)
}

/// All permissions with their titles, the platform's first, then by name.
pub fn list_permissions(call: &Call) -> Result<Vec<(Permission, Localized)>, ServiceError> {
    let mut all = permissions::all();
    let end = key::after_prefix(&[space::PERMISSION]);
    for item in call.transaction.range(&[space::PERMISSION], end.as_deref(), Direction::Forward) {
        let (key, stored) = item?;
        let name = key.get(1..).and_then(|name| std::str::from_utf8(name).ok());
        if let Some(permission) = name.and_then(|name| name.parse().ok()) {
            all.push((permission, decode(&key, &stored.value)?));
        }
    }
    Ok(all)
}

/// The title of a permission; none when it is not known.
pub fn permission_title(call: &Call, permission: &Permission) -> Option<Localized> {
    title_in(call.transaction.snapshot(), permission)
}

pub(in crate::accounts) fn title_in(snapshot: &Snapshot, permission: &Permission) -> Option<Localized> {
    if permission.plugin() == PluginId::PLATFORM {
        return permissions::all().into_iter().find(|(known, _)| known == permission).map(|(_, title)| title);
    }
    let key = permission_key(permission);
    let stored = snapshot.get(&key).ok().flatten()?;
    decode(&key, &stored.value).ok()
}

pub(in crate::accounts) fn is_known(call: &Call, permission: &Permission) -> Result<bool, ServiceError> {
    if permission.plugin() == PluginId::PLATFORM {
        return Ok(permissions::all().iter().any(|(known, _)| known == permission));
    }
    call.holds(&permission_key(permission))
}

fn is_platform(id: &RoleId) -> bool {
    id.as_str().split('.').next() == Some(PluginId::PLATFORM)
}

fn permission_key(permission: &Permission) -> Vec<u8> {
    space::key(space::PERMISSION, &[permission.as_str().as_bytes()])
}

fn role_key(id: &RoleId) -> Vec<u8> {
    space::key(space::ROLE, &[id.as_str().as_bytes()])
}
