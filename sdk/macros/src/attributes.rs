//! What both derives read from a struct: its named fields, and the attributes on them.

use syn::punctuated::Punctuated;
use syn::{
    Data, DeriveInput, Error, Field, Fields, GenericArgument, Ident, LitStr, PathArguments, Result, Token,
    Type,
};

/// The named fields of a struct.
pub(crate) fn named_fields<'a>(
    input: &'a DeriveInput,
    derive: &str,
) -> Result<&'a Punctuated<Field, Token![,]>> {
    match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => Ok(&fields.named),
            _ => Err(Error::new_spanned(&input.ident, format!("{derive} needs a struct with named fields"))),
        },
        _ => Err(Error::new_spanned(&input.ident, format!("{derive} is derived for structs"))),
    }
}

/// The identifier of a named field.
pub(crate) fn identifier(field: &Field) -> Result<&Ident> {
    field.ident.as_ref().ok_or_else(|| Error::new_spanned(field, "a field without a name"))
}

/// What an attribute such as `#[record(name = "…", default)]` says.
#[derive(Default)]
pub(crate) struct Said {
    pub(crate) name: Option<LitStr>,
    pub(crate) collection: Option<LitStr>,
    pub(crate) wanted: Option<LitStr>,
    pub(crate) default: bool,
}

/// Reads the attributes `#[<attribute>(…)]`; only `allowed` words may stand in them.
pub(crate) fn read(attributes: &[syn::Attribute], attribute: &str, allowed: &[&str]) -> Result<Said> {
    let mut said = Said::default();
    for found in attributes.iter().filter(|found| found.path().is_ident(attribute)) {
        found.parse_nested_meta(|meta| {
            let word = meta.path.get_ident().map(Ident::to_string).unwrap_or_default();
            if !allowed.contains(&word.as_str()) {
                return Err(meta.error(format!("expected one of: {}", allowed.join(", "))));
            }
            match word.as_str() {
                "name" => said.name = Some(meta.value()?.parse()?),
                "collection" => said.collection = Some(meta.value()?.parse()?),
                "wanted" => said.wanted = Some(meta.value()?.parse()?),
                _ => said.default = true,
            }
            Ok(())
        })?;
    }
    Ok(said)
}

/// The name outside Rust: as said, else the identifier with `-` for `_`.
pub(crate) fn outer_name(field: &Field, said: &Said) -> Result<String> {
    let name = match &said.name {
        Some(name) => name.value(),
        None => identifier(field)?.to_string().trim_start_matches("r#").replace('_', "-"),
    };
    let good = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    if good {
        Ok(name)
    } else {
        Err(Error::new_spanned(
            field,
            format!("the name {name:?} is not made of a–z, 0–9 and `-`, letter first"),
        ))
    }
}

/// The `T` of `Wrapper<T>`.
pub(crate) fn inner<'a>(wrapper: &str, ty: &'a Type) -> Option<&'a Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last().filter(|last| last.ident == wrapper)?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    match arguments.args.first() {
        Some(GenericArgument::Type(inner)) => Some(inner),
        _ => None,
    }
}
