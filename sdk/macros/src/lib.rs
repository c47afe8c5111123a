//! Derive macros of `dinh-sdk`: a struct as a record of a collection, a struct as the query of a page.
//!
//! Use them through `dinh-sdk`, which documents what they derive beside the traits `Record` and `Query`.

mod attributes;
mod query;
mod record;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Derives `dinh_sdk::Record`: a struct as a record of a collection of the plugin's manifest.
///
/// On the struct: `#[record(collection = "…")]`. On a field: `#[record(name = "…")]`.
#[proc_macro_derive(Record, attributes(record))]
pub fn derive_record(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    record::derive(&input).unwrap_or_else(syn::Error::into_compile_error).into()
}

/// Derives `dinh_sdk::Query`: a struct whose fields are the parameters of a page's query.
///
/// On a field: `#[query(name = "…")]`, `#[query(default)]`.
#[proc_macro_derive(Query, attributes(query))]
pub fn derive_query(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    query::derive(&input).unwrap_or_else(syn::Error::into_compile_error).into()
}
