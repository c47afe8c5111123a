//! `#[derive(Record)]`.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{DeriveInput, Error, Expr, ExprLit, Field, Lit, Result, Type};

use crate::attributes::{identifier, named_fields, outer_name, read};

/// What one field of the struct contributes.
struct Part {
    names: Vec<String>,
    kinds: TokenStream,
    into: TokenStream,
    from: TokenStream,
    property: TokenStream,
}

/// The implementation of `Record` and the constants of the fields.
pub(crate) fn derive(input: &DeriveInput) -> Result<TokenStream> {
    let said = read(&input.attrs, "record", &["collection", "wanted"])?;
    let shared = said.wanted.is_some();
    let collection = match (said.collection, said.wanted) {
        (Some(name), None) | (None, Some(name)) => name,
        _ => {
            return Err(Error::new_spanned(
                &input.ident,
                "name the collection, #[record(collection = \"…\")], or the wanted dataset, #[record(wanted = \"…\")]",
            ));
        }
    };
    let record = &input.ident;
    let (impl_generics, type_generics, conditions) = input.generics.split_for_impl();
    let mut parts = Vec::new();
    for field in named_fields(input, "Record")? {
        parts.push(part(field, input)?);
    }
    let names: Vec<&String> = parts.iter().flat_map(|part| &part.names).collect();
    if let Some(twice) =
        names.iter().enumerate().find(|(at, name)| names.iter().take(*at).any(|n| n == *name))
    {
        return Err(Error::new_spanned(record, format!("two fields are named {:?}", twice.1)));
    }
    let kinds = parts.iter().map(|part| &part.kinds);
    let into = parts.iter().map(|part| &part.into);
    let from = parts.iter().map(|part| &part.from);
    let properties = parts.iter().map(|part| &part.property);
    Ok(quote! {
        #[automatically_derived]
        #[allow(dead_code)]
        impl #impl_generics #record #type_generics #conditions {
            #(#properties)*
        }

        #[automatically_derived]
        impl #impl_generics ::dinh_sdk::Record for #record #type_generics #conditions {
            const COLLECTION: &'static str = #collection;
            const SHARED: bool = #shared;
            const FIELDS: &'static [&'static str] = &[#(#names),*];
            const KINDS: &'static [::dinh_sdk::Kind] = &[#(#kinds),*];

            fn into_values(self) -> ::std::vec::Vec<::dinh_sdk::Value> {
                let mut values = ::std::vec::Vec::with_capacity(<Self as ::dinh_sdk::Record>::FIELDS.len());
                #(#into)*
                values
            }

            fn from_values(
                next: &mut dyn ::core::ops::FnMut() -> ::dinh_sdk::Value,
            ) -> ::core::result::Result<Self, ::dinh_sdk::Mismatch> {
                ::core::result::Result::Ok(Self { #(#from),* })
            }
        }
    })
}

fn part(field: &Field, input: &DeriveInput) -> Result<Part> {
    let said = read(&field.attrs, "record", &["name"])?;
    let name = outer_name(field, &said)?;
    let identifier = identifier(field)?;
    if let Type::Array(array) = &field.ty {
        let Expr::Lit(ExprLit { lit: Lit::Int(length), .. }) = &array.len else {
            return Err(Error::new_spanned(&array.len, "write the length of the array as a number"));
        };
        let length: usize = length.base10_parse()?;
        let element = &array.elem;
        return Ok(Part {
            names: (1..=length).map(|number| format!("{name}-{number}")).collect(),
            kinds: {
                let kinds = (0..length).map(|_| quote!(<#element as ::dinh_sdk::FieldType>::KIND));
                quote!(#(#kinds),*)
            },
            into: quote! {
                for value in self.#identifier {
                    values.push(::dinh_sdk::FieldType::into_value(value));
                }
            },
            from: {
                let elements =
                    (0..length).map(|_| quote!(<#element as ::dinh_sdk::FieldType>::from_value(next())?));
                quote!(#identifier: [#(#elements),*])
            },
            property: TokenStream::new(),
        });
    }
    let ty = &field.ty;
    let visibility = &field.vis;
    let record = &input.ident;
    let (_, type_generics, _) = input.generics.split_for_impl();
    let constant = format_ident!("{}", identifier.to_string().trim_start_matches("r#").to_uppercase());
    let documentation = format!("The field `{name}`.");
    Ok(Part {
        kinds: quote!(<#ty as ::dinh_sdk::FieldType>::KIND),
        into: quote!(values.push(::dinh_sdk::FieldType::into_value(self.#identifier));),
        from: quote!(#identifier: <#ty as ::dinh_sdk::FieldType>::from_value(next())?),
        property: quote! {
            #[doc = #documentation]
            #visibility const #constant: ::dinh_sdk::Property<#record #type_generics, #ty> =
                ::dinh_sdk::Property::new(#name);
        },
        names: vec![name],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        derive(&syn::parse_str(text).unwrap()).unwrap_err().to_string()
    }

    #[test]
    fn a_struct_without_a_collection_is_told_how_to_name_it() {
        assert!(error("struct Note { title: String }").contains("collection = "));
    }

    #[test]
    fn only_structs_with_named_fields_are_records() {
        assert!(error("#[record(collection = \"n\")] enum Note {}").contains("structs"));
        assert!(error("#[record(collection = \"n\")] struct Note(String);").contains("named fields"));
    }

    #[test]
    fn names_that_a_manifest_could_not_have_are_refused() {
        let text =
            "#[record(collection = \"n\")] struct Note { #[record(name = \"Tiêu đề\")] title: String }";
        assert!(error(text).contains("a–z"));
        let text = "#[record(collection = \"n\")] struct N { a: i64, #[record(name = \"a\")] b: i64 }";
        assert!(error(text).contains("two fields"));
    }

    #[test]
    fn unknown_words_in_an_attribute_are_refused() {
        let text = "#[record(collection = \"n\")] struct N { #[record(nmae = \"a\")] b: i64 }";
        assert!(error(text).contains("expected one of: name"));
    }

    #[test]
    fn an_array_becomes_numbered_fields() {
        let text = "#[record(collection = \"n\")] struct N { score: [Option<i64>; 3] }";
        let code = derive(&syn::parse_str(text).unwrap()).unwrap().to_string();
        assert!(code.contains("\"score-1\" , \"score-2\" , \"score-3\""), "{code}");
        assert!(
            error("#[record(collection = \"n\")] struct N { score: [i64; SLOTS] }").contains("as a number")
        );
    }
}
