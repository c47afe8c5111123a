//! What plugins may do by themselves, and what everybody may.

use dinh_access::{PublicGrant, ServiceGrant};
use dinh_model::{Target, UnitId};

use crate::accounts::{roles, units};
use crate::permissions::PLUGIN_MANAGE;
use crate::{Call, ServiceError, Thing, space};

/// Lets a plugin's own service principal do something in a unit and all below it. Needs
/// `dinh.plugin.manage` for the unit.
pub fn admit_service(call: &mut Call, grant: &ServiceGrant) -> Result<(), ServiceError> {
    allowed(call, grant.unit, &grant.permission)?;
    call.save(service_key(grant), grant)?;
    call.evidence(
        "service.admitted",
        format!("plugin:{}", grant.plugin),
        [
            ("permission", grant.permission.to_string()),
            ("unit", grant.unit.to_string()),
            ("label", grant.label.to_string()),
        ],
    );
    Ok(())
}

/// Takes it back. Needs `dinh.plugin.manage` for the unit.
pub fn dismiss_service(call: &mut Call, grant: &ServiceGrant) -> Result<(), ServiceError> {
    allowed(call, grant.unit, &grant.permission)?;
    call.transaction.delete(service_key(grant));
    call.evidence(
        "service.dismissed",
        format!("plugin:{}", grant.plugin),
        [("permission", grant.permission.to_string()), ("unit", grant.unit.to_string())],
    );
    Ok(())
}

/// Lets everybody do something with what is ordinary in a unit and all below it. Needs
/// `dinh.plugin.manage` for the unit.
pub fn publish(call: &mut Call, grant: &PublicGrant) -> Result<(), ServiceError> {
    allowed(call, grant.unit, &grant.permission)?;
    call.save(public_key(grant), grant)?;
    call.evidence(
        "public.granted",
        format!("permission:{}", grant.permission),
        [("unit", grant.unit.to_string())],
    );
    Ok(())
}

/// Takes it back. Needs `dinh.plugin.manage` for the unit.
pub fn withdraw_public(call: &mut Call, grant: &PublicGrant) -> Result<(), ServiceError> {
    allowed(call, grant.unit, &grant.permission)?;
    call.transaction.delete(public_key(grant));
    call.evidence(
        "public.withdrawn",
        format!("permission:{}", grant.permission),
        [("unit", grant.unit.to_string())],
    );
    Ok(())
}

fn allowed(call: &mut Call, unit: UnitId, permission: &dinh_model::Permission) -> Result<(), ServiceError> {
    let unit = units::get_unit(call, unit)?.id;
    call.require(&PLUGIN_MANAGE, &Target::unit(unit))?;
    if !roles::is_known(call, permission)? {
        return Err(ServiceError::not_found(Thing::Permission, permission));
    }
    Ok(())
}

fn service_key(grant: &ServiceGrant) -> Vec<u8> {
    let plugin = grant.plugin.as_str().as_bytes();
    let unit = grant.unit.0.to_be_bytes();
    space::key(space::SERVICE_GRANT, &[plugin, &[0], &unit, grant.permission.as_str().as_bytes()])
}

fn public_key(grant: &PublicGrant) -> Vec<u8> {
    space::key(space::PUBLIC_GRANT, &[&grant.unit.0.to_be_bytes(), grant.permission.as_str().as_bytes()])
}
