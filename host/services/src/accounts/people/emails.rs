//! E-mail addresses (địa chỉ thư điện tử) of accounts: one each, of one account in the whole house.

use dinh_model::UnitId;

use crate::accounts::{domains, units};
use crate::{Call, ServiceError, space};

/// Most characters before the `@` (RFC 5321, 4.5.3.1.1).
const LONGEST_LOCAL: usize = 64;

/// An address as it is stored and compared: lower case; before the `@` letters, digits and `.`, `-`, `_`, `+`, a letter
/// or digit first and last; after it a domain name.
pub(in crate::accounts) fn address(typed: &str) -> Result<String, ServiceError> {
    let typed = typed.trim().to_lowercase();
    let parted = typed.rsplit_once('@').and_then(|(local, domain)| {
        let edge = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        let good = (1..=LONGEST_LOCAL).contains(&local.len())
            && edge(local.chars().next())
            && edge(local.chars().next_back())
            && !local.contains("..")
            && local.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '+'));
        good.then_some((local, domain))
    });
    let Some((local, domain)) = parted else {
        return Err(ServiceError::invalid(
            "Địa chỉ thư điện tử có dạng ten@tenmien, không dấu, ví dụ nvan-skhdt@laocai.gov.vn.",
            "An e-mail address is name@domain without diacritics, such as nvan-skhdt@laocai.gov.vn.",
        ));
    };
    Ok(format!("{local}@{}", domains::checked(domain)?))
}

/// The domain that addresses in a unit are at: the first of its domain names, or of the nearest unit above that has
/// one; none when there is none up to the root.
pub(in crate::accounts) fn domain_for(call: &Call, unit: UnitId) -> Result<Option<String>, ServiceError> {
    let mut next = Some(unit);
    while let Some(unit) = next {
        if let Some(domain) = domains::domains_of(call, unit)?.into_iter().next() {
            return Ok(Some(domain));
        }
        next = units::get_unit(call, unit)?.parent;
    }
    Ok(None)
}

/// The address that goes with a login in a unit; none when there is no domain or somebody has that address.
pub(in crate::accounts) fn generated(
    call: &Call,
    login: &str,
    unit: UnitId,
) -> Result<Option<String>, ServiceError> {
    let Some(domain) = domain_for(call, unit)? else { return Ok(None) };
    let Ok(address) = address(&format!("{login}@{domain}")) else { return Ok(None) };
    Ok(if call.holds(&key(&address))? { None } else { Some(address) })
}

pub(in crate::accounts) fn key(address: &str) -> Vec<u8> {
    space::key(space::EMAIL, &[address.as_bytes()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_plain_name_at_a_domain() {
        assert_eq!(address(" NVAn-SKHDT@LaoCai.gov.vn ").unwrap(), "nvan-skhdt@laocai.gov.vn");
        let long = format!("{}@laocai.gov.vn", "a".repeat(65));
        for bad in [
            "",
            "an",
            "@laocai.gov.vn",
            "an@",
            "an@vn",
            "ân@laocai.gov.vn",
            "a b@laocai.gov.vn",
            &long,
            "an@x@laocai.gov.vn",
            ".an@laocai.gov.vn",
            "an.@laocai.gov.vn",
            "a..n@laocai.gov.vn",
            "an@10.0.0.1",
        ] {
            assert!(address(bad).is_err(), "{bad}");
        }
    }
}
