//! `#[derive(Query)]`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{DeriveInput, Field, Result};

use crate::attributes::{identifier, inner, named_fields, outer_name, read};

/// The implementation of `Query`.
pub(crate) fn derive(input: &DeriveInput) -> Result<TokenStream> {
    let query = &input.ident;
    let (impl_generics, type_generics, conditions) = input.generics.split_for_impl();
    let (mut reads, mut writes) = (Vec::new(), Vec::new());
    for field in named_fields(input, "Query")? {
        let (read, write) = part(field)?;
        reads.push(read);
        writes.push(write);
    }
    Ok(quote! {
        #[automatically_derived]
        impl #impl_generics ::dinh_sdk::Query for #query #type_generics #conditions {
            fn read(request: &::dinh_sdk::Request) -> ::dinh_sdk::Result<Self> {
                ::core::result::Result::Ok(Self { #(#reads),* })
            }

            fn address(&self, path: &str) -> ::dinh_sdk::Address {
                let address = ::dinh_sdk::Address::new(path);
                #(let address = #writes;)*
                address
            }
        }
    })
}

/// How a field is read from a request, and written into an address.
fn part(field: &Field) -> Result<(TokenStream, TokenStream)> {
    let said = read(&field.attrs, "query", &["name", "default"])?;
    let name = outer_name(field, &said)?;
    let identifier = identifier(field)?;
    Ok(if inner("Option", &field.ty).is_some() {
        (
            quote!(#identifier: request.optional(#name)?),
            quote!(address.with_some(#name, self.#identifier.as_ref())),
        )
    } else if inner("Vec", &field.ty).is_some() {
        (quote!(#identifier: request.all(#name)?), quote!(address.with_all(#name, &self.#identifier)))
    } else if said.default {
        (
            quote!(#identifier: request.optional(#name)?.unwrap_or_default()),
            quote!(address.with(#name, &self.#identifier)),
        )
    } else {
        (quote!(#identifier: request.required(#name)?), quote!(address.with(#name, &self.#identifier)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_the_address_have_hyphens() {
        let code = derive(&syn::parse_str("struct Q { with_ranks: Option<bool> }").unwrap()).unwrap();
        assert!(code.to_string().contains("\"with-ranks\""));
    }

    #[test]
    fn only_structs_with_named_fields_are_queries() {
        assert!(derive(&syn::parse_str("struct Q(i64);").unwrap()).is_err());
    }
}
