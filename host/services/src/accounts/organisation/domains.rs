//! Domain names (tên miền) of units: several at once, such as the old and the new one while a unit's address changes
//! (Khánh Hòa, quy chế 2023, điều 5; Lào Cai, Quyết định 95/QĐ-SKH 2013, điều 3), each of one unit in the whole house.

use std::net::Ipv4Addr;

use dinh_model::{Target, UnitId, key};
use dinh_store::Direction;

use crate::accounts::{Unit, units};
use crate::permissions::UNIT_MANAGE;
use crate::{Call, ServiceError, Thing, space};

/// Most domain names of one unit.
pub const MOST_DOMAINS: usize = 16;

/// Gives a unit a domain name, beside those it has. Refused when another unit has it. Needs `dinh.unit.manage` for the
/// unit.
pub fn add_domain(call: &mut Call, unit: UnitId, domain: &str) -> Result<(), ServiceError> {
    let unit = units::get_unit(call, unit)?;
    call.require(&UNIT_MANAGE, &Target::unit(unit.id))?;
    let domain = checked(domain)?;
    match unit_of_domain(call, &domain)? {
        Some(other) if other.id == unit.id => return Ok(()),
        Some(_) => return Err(ServiceError::exists(Thing::Domain, domain)),
        None => {}
    }
    if domains_of(call, unit.id)?.len() >= MOST_DOMAINS {
        return Err(ServiceError::invalid(
            format!("Một đơn vị có tối đa {MOST_DOMAINS} tên miền: hãy gỡ bớt tên miền cũ."),
            format!("A unit has at most {MOST_DOMAINS} domain names; remove one first."),
        ));
    }
    call.save(by_name(&domain), &unit.id)?;
    call.save(by_unit(unit.id, &domain), &())?;
    call.evidence("unit.domain-added", units::subject(unit.id), [("domain", domain)]);
    Ok(())
}

/// Takes a domain name from a unit. Needs `dinh.unit.manage` for the unit.
pub fn remove_domain(call: &mut Call, unit: UnitId, domain: &str) -> Result<(), ServiceError> {
    let unit = units::get_unit(call, unit)?.id;
    call.require(&UNIT_MANAGE, &Target::unit(unit))?;
    let domain = checked(domain)?;
    if !call.holds(&by_unit(unit, &domain))? {
        return Err(ServiceError::not_found(Thing::Domain, domain));
    }
    call.transaction.delete(by_name(&domain));
    call.transaction.delete(by_unit(unit, &domain));
    call.evidence("unit.domain-removed", units::subject(unit), [("domain", domain)]);
    Ok(())
}

/// The domain names of a unit, in the order of the alphabet.
pub fn domains_of(call: &Call, unit: UnitId) -> Result<Vec<String>, ServiceError> {
    let start = by_unit(unit, "");
    let end = key::after_prefix(&start);
    let mut found = Vec::new();
    for item in call.transaction.range(&start, end.as_deref(), Direction::Forward) {
        let (key, _) = item?;
        let name = key.get(start.len()..).and_then(|name| std::str::from_utf8(name).ok());
        found.extend(name.map(str::to_owned));
    }
    Ok(found)
}

/// The unit that a domain name belongs to; none when no unit has it.
pub fn unit_of_domain(call: &Call, domain: &str) -> Result<Option<Unit>, ServiceError> {
    match call.load::<UnitId>(&by_name(&plain(domain)))? {
        Some(id) => units::get_unit(call, id).map(Some),
        None => Ok(None),
    }
}

/// Lower case, without the root's dot.
fn plain(typed: &str) -> String {
    typed.trim().trim_end_matches('.').to_ascii_lowercase()
}

/// A host name of RFC 1123 with two labels at least; names with diacritics as their `xn--` form (RFC 5890).
pub(in crate::accounts) fn checked(typed: &str) -> Result<String, ServiceError> {
    let domain = plain(typed);
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    let last = domain.rsplit('.').next().unwrap_or_default();
    let good = domain.len() <= 253
        && domain.contains('.')
        && domain.split('.').all(label)
        && last.starts_with(|c: char| c.is_ascii_lowercase())
        && domain.parse::<Ipv4Addr>().is_err();
    if good {
        return Ok(domain);
    }
    Err(ServiceError::invalid(
        "Tên miền gồm các nhãn a–z, 0–9, “-” cách nhau bằng dấu chấm, ví dụ skhdt.laocai.gov.vn; tên có dấu ghi dạng xn--.",
        "A domain name is labels of a–z, 0–9 and “-” with dots between, such as skhdt.laocai.gov.vn; other letters as xn--.",
    ))
}

fn by_name(domain: &str) -> Vec<u8> {
    space::key(space::DOMAIN, &[&[0], domain.as_bytes()])
}

fn by_unit(unit: UnitId, domain: &str) -> Vec<u8> {
    space::key(space::DOMAIN, &[&[1], &unit.0.to_be_bytes(), domain.as_bytes()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_name_is_what_the_domain_name_system_takes() {
        assert_eq!(checked(" SKHDT.LaoCai.gov.vn. ").unwrap(), "skhdt.laocai.gov.vn");
        assert!(checked("xn--sknghoch-x1a.vn").is_ok());
        let long = format!("{}.vn", "a".repeat(64));
        let longer = format!("{}vn", "abcdefgh.".repeat(28));
        for bad in [
            "", "vn", "sở.vn", "a..vn", "-a.vn", "a-.vn", "a_b.vn", "10.0.0.1", "a.1", &long, &longer,
            "a.vn/x",
        ] {
            assert!(checked(bad).is_err(), "{bad}");
        }
    }
}
