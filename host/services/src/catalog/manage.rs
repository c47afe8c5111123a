//! Defining catalogs, and writing their entries: each accepted change is a version.

use dinh_model::{Permission, PluginId, Target, UnitId, ids, text};

use super::export::HEADS;
use super::library::open;
use super::model::{Changed, Kept, Version, catalog_key, entry_key, entry_version_key, version_key};
use super::{Catalog, Definition, Entry};
use crate::accounts::{self, Agreed, Signature, names};
use crate::permissions::CATALOG_MANAGE;
use crate::{Call, Resource, ServiceError};

/// Most attributes of a catalog.
const MOST_ATTRIBUTES: usize = 20;
/// Longest name of an attribute.
const LONGEST_ATTRIBUTE: usize = 40;
/// Most characters of a title or a source.
const LONGEST_TITLE: usize = 500;

/// Defines a catalog, or changes what one is: its title, its source, its owner, more attributes at the end. Needs
/// `dinh.catalog.manage` for its owner, the present one and the one to come: a unit, or everywhere.
pub fn define(call: &mut Call, definition: &Definition, reason: &str) -> Result<(), ServiceError> {
    let before: Option<Catalog> = call.load(&catalog_key(&definition.name))?;
    for owner in before.iter().map(|before| before.definition.owner).chain([definition.owner]) {
        for (permission, target) in of_steward(call, owner)? {
            call.require(&permission, &target)?;
        }
    }
    let definition = checked(call, definition)?;
    let version = match &before {
        Some(before) if before.definition == definition => return Ok(()),
        Some(before) => {
            continues(&before.definition, &definition)?;
            before.version + 1
        }
        None => 1,
    };
    let by = Signature::of(call).filter(|_| !call.origin.operator);
    let agreed = Agreed { by, request: None, approved: None };
    let name = definition.name.clone();
    record(call, Catalog { definition, version }, &agreed, names::reason(reason)?, Changed::Definition)?;
    call.evidence("catalog.defined", subject(&name), [("version", version.to_string())]);
    Ok(())
}

/// Who may decide about a catalog with this owner: what they need, all of it.
pub(crate) fn of_steward(
    call: &Call,
    owner: Option<UnitId>,
) -> Result<Vec<(Permission, Target)>, ServiceError> {
    let units = match owner {
        Some(owner) => vec![owner],
        None => accounts::roots(call)?,
    };
    // Without any unit only break-glass passes: no unit has that number.
    let units = if units.is_empty() { vec![UnitId(0)] } else { units };
    Ok(units.into_iter().map(|unit| (CATALOG_MANAGE.clone(), Target::unit(unit))).collect())
}

/// A catalog as evidence names it.
pub(crate) fn subject(catalog: &str) -> String {
    format!("catalog:{catalog}")
}

fn checked(call: &Call, given: &Definition) -> Result<Definition, ServiceError> {
    let wrong = |vi: &str, en: &str| Err(ServiceError::invalid(vi, en));
    // The same form as the id of a plugin.
    if given.name.parse::<PluginId>().is_err() {
        return wrong(
            "Tên danh mục gồm 2 đến 40 ký tự a–z, 0–9, “-”, bắt đầu bằng chữ.",
            "A catalog's name is 2 to 40 of a–z, 0–9 and single hyphens, a letter first.",
        );
    }
    let mut definition = given.clone();
    let titles = definition.attributes.iter_mut().map(|attribute| &mut attribute.title);
    let mut texts = vec![&mut definition.source];
    for title in titles.chain([&mut definition.title]) {
        texts.extend([&mut title.vi, &mut title.en]);
    }
    for words in texts {
        *words = text::nfc(words.trim());
        if words.is_empty() || words.chars().count() > LONGEST_TITLE || words.chars().any(text::is_hidden) {
            return wrong(
                "Tên, nguồn của danh mục và tên thuộc tính có từ 1 đến 500 ký tự, không có ký tự ẩn.",
                "The title and source of a catalog and the titles of its attributes have 1 to 500 characters, none hidden.",
            );
        }
    }
    if let Some(owner) = definition.owner {
        accounts::in_term(call, owner)?;
    }
    let names: Vec<&str> = definition.attributes.iter().map(|attribute| attribute.name.as_str()).collect();
    let free = |name: &str| ids::is_name(name, LONGEST_ATTRIBUTE) && !HEADS.contains(&name);
    let once = |name: &str| names.iter().filter(|other| **other == name).count() == 1;
    let scaled = definition.attributes.iter().all(|attribute| match attribute.kind {
        super::AttributeKind::Decimal { scale } => scale <= 18,
        _ => true,
    });
    if names.len() > MOST_ATTRIBUTES || !scaled || !names.iter().all(|name| free(name) && once(name)) {
        return wrong(
            "Thuộc tính: tối đa 20; tên gồm a–z, 0–9, “-”, bắt đầu bằng chữ, không trùng nhau và không trùng cột có sẵn; số thập phân có tối đa 18 chữ số sau dấu phẩy.",
            "At most 20 attributes; their names are a–z, 0–9 and single hyphens, a letter first, each once and none that of a column there is; decimals have at most 18 places.",
        );
    }
    Ok(definition)
}

/// Goes on only if stored entries still mean what they did.
fn continues(before: &Definition, after: &Definition) -> Result<(), ServiceError> {
    let kept = before.attributes.iter().enumerate().all(|(place, known)| {
        let now = after.attributes.get(place);
        now.is_some_and(|now| (&now.name, now.kind) == (&known.name, known.kind))
    });
    if kept {
        return Ok(());
    }
    Err(ServiceError::refused(
        "catalog-attributes",
        subject(&before.name),
        "Thuộc tính đã có của danh mục giữ nguyên tên, kiểu và thứ tự: chỉ thêm được thuộc tính mới ở cuối.",
        "The attributes that a catalog has keep their names, types and order; new ones are added at the end only.",
    ))
}

/// Makes entries what they are from now on. What they must be was checked.
pub(super) fn write(
    call: &mut Call,
    catalog: &str,
    entries: Vec<Entry>,
    agreed: &Agreed,
    (reason, shipped): (&str, bool),
) -> Result<u32, ServiceError> {
    let about = open(call, catalog)?.catalog().clone();
    let version = about.version + 1;
    let (mut added, mut changed) = (0, 0);
    for entry in entries {
        call.spend(Resource::RecordsWritten, 1)?;
        let key = entry_key(catalog, &entry.code);
        match call.holds(&key)? {
            true => changed += 1,
            false => added += 1,
        }
        call.save(entry_version_key(catalog, &entry.code, version), &entry)?;
        call.save(key, &Kept { entry, version })?;
    }
    let what = Changed::Entries { added, changed, shipped };
    record(call, Catalog { version, ..about }, agreed, reason.to_owned(), what)?;
    let counts = [("version", version), ("added", added), ("changed", changed)];
    let counts = counts.map(|(name, count)| (name, count.to_string()));
    let origin = shipped.then(|| ("shipped", "true".to_owned()));
    call.evidence(
        "catalog.changed",
        subject(catalog),
        counts.into_iter().chain(origin).chain(agreed.detail()),
    );
    Ok(version)
}

/// Keeps a version, and what the catalog is from it on.
fn record(
    call: &mut Call,
    catalog: Catalog,
    agreed: &Agreed,
    reason: String,
    what: Changed,
) -> Result<(), ServiceError> {
    let name = catalog.definition.name.clone();
    let version = Version {
        number: catalog.version,
        at: call.now(),
        by: agreed.by,
        approved: agreed.approved,
        request: agreed.request,
        reason,
        what,
    };
    call.save(version_key(&name, version.number), &version)?;
    call.save(catalog_key(&name), &catalog)?;
    call.opened.forget(&name);
    call.catalogs_changed.push(name);
    Ok(())
}
