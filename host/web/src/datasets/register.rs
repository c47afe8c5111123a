//! The register for programs, as plain JSON and as DCAT-AP (the European application profile of W3C's DCAT 3, in
//! JSON-LD).

use std::collections::HashMap;

use axum::extract::{Query, State};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use dinh_model::{Frequency, Localized};
use dinh_services::accounts::Directory;
use dinh_services::sharing::{ContractFilter, Offer, contracts, offers, waivers};
use serde_json::{Value, json};

use crate::app::App;
use crate::pages::call::look;
use crate::problem::{Kind, Problem};
use crate::respond;
use crate::table_file::FileFormat;
use crate::visitor::Visitor;
use crate::workbook;

/// Contracts that the register names for each dataset.
const CONTRACTS: usize = 1_000;

/// A dataset with what the reader may know of its contracts.
struct Listed {
    offer: Offer,
    owner: String,
    contracts: Vec<Value>,
}

/// `GET /api/v1/datasets`
pub async fn register(
    State(app): State<App>,
    visitor: Visitor,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response, Problem> {
    let public = visitor.session.is_none();
    let (listed, waivers) = look(&app, &visitor, move |call| {
        let mut listed = Vec::new();
        for offer in offers(call)?.into_iter().filter(|offer| offer.dataset.public || !public) {
            let owner = Directory::new(call.transaction.snapshot()).unit(offer.home_unit)?;
            let filter = ContractFilter {
                plugin: Some(offer.plugin.clone()),
                dataset: Some(offer.dataset.name.clone()),
                ..ContractFilter::default()
            };
            let today = call.today();
            let known =
                if public { Vec::new() } else { contracts(call, &filter, None, CONTRACTS)?.contracts };
            let contract = |contract: &dinh_services::sharing::Contract| {
                json!({
                    "contract": contract.id.0,
                    "consumer": contract.consumer.subject(),
                    "purpose": contract.purpose,
                    "fields": contract.fields,
                    "standing": contract.standing(today).as_str(),
                    "from": contract.from.to_string(),
                    "until": contract.until.to_string(),
                })
            };
            listed.push(Listed {
                owner: owner.map_or_else(|| offer.home_unit.to_string(), |unit| unit.name),
                contracts: known.iter().map(contract).collect(),
                offer,
            });
        }
        Ok((listed, if public { Vec::new() } else { waivers(call)? }))
    })
    .await?;
    match query.get("format").map(String::as_str) {
        None | Some("json") => {
            let datasets: Vec<_> = listed.iter().map(plain).collect();
            let waivers = waivers.iter().map(|waiver| {
                let agreed = waiver.holds();
                json!({ "plugin": waiver.plugin, "meaning": waiver.meaning, "reason": waiver.reason, "agreed": agreed })
            });
            Ok(respond::json(&json!({ "datasets": datasets, "waivers": waivers.collect::<Vec<_>>() })))
        }
        Some("dcat") => {
            let mut response = respond::json(&catalogue(&listed));
            let kind = HeaderValue::from_static("application/ld+json");
            response.headers_mut().insert(header::CONTENT_TYPE, kind);
            Ok(response)
        }
        Some(_) => Err(Problem::with(Kind::BadRequest, "format: json, dcat")),
    }
}

fn plain(listed: &Listed) -> Value {
    let dataset = &listed.offer.dataset;
    let fields = listed.offer.fields.iter().map(|field| {
        json!({
            "name": field.name,
            "title": field.title,
            "type": field.kind,
            "label": field.label.as_str(),
            "meaning": field.meaning,
        })
    });
    json!({
        "plugin": listed.offer.plugin,
        "dataset": dataset.name,
        "title": dataset.title,
        "summary": dataset.summary,
        "owner": { "id": listed.offer.home_unit.0, "name": listed.owner },
        "label": dataset.label.as_str(),
        "public": dataset.public,
        "updated": dataset.updated.as_str(),
        "purposes": dataset.purposes,
        "fields": fields.collect::<Vec<_>>(),
        "contracts": listed.contracts,
        "rows": path(&listed.offer),
    })
}

fn path(offer: &Offer) -> String {
    format!("/api/v1/datasets/{}/{}", offer.plugin, offer.dataset.name)
}

/// The register as a `dcat:Catalog`. Addresses are relative to where it was fetched.
fn catalogue(listed: &[Listed]) -> Value {
    json!({
        "@context": {
            "dcat": "http://www.w3.org/ns/dcat#",
            "dct": "http://purl.org/dc/terms/",
            "foaf": "http://xmlns.com/foaf/0.1/",
            "adms": "http://www.w3.org/ns/adms#",
        },
        "@type": "dcat:Catalog",
        "@id": "/api/v1/datasets?format=dcat",
        "dct:title": texts(&Localized::new("Danh mục dữ liệu chia sẻ", "Register of shared data")),
        "dct:description": texts(&Localized::new(
            "Các bộ dữ liệu mà đơn vị trong tỉnh cung cấp cho nhau",
            "The datasets that units of the province offer each other",
        )),
        "dct:publisher": { "@type": "foaf:Agent", "foaf:name": "Đình" },
        "dcat:dataset": listed.iter().map(dataset).collect::<Vec<_>>(),
    })
}

fn dataset(listed: &Listed) -> Value {
    let (offer, dataset) = (&listed.offer, &listed.offer.dataset);
    let rights = if dataset.public { "PUBLIC" } else { "RESTRICTED" };
    let [xlsx, ods] = [workbook::Kind::Xlsx, workbook::Kind::Ods].map(FileFormat::Workbook);
    let distribution = |kind: &str, media: &str| {
        json!({
            "@type": "dcat:Distribution",
            "dcat:accessURL": { "@id": format!("{}?format={kind}", path(offer)) },
            "dcat:mediaType": media,
        })
    };
    json!({
        "@type": "dcat:Dataset",
        "@id": path(offer),
        "dct:identifier": format!("{}/{}", offer.plugin, dataset.name),
        "dct:title": texts(&dataset.title),
        "dct:description": texts(&dataset.summary),
        "dct:publisher": { "@type": "foaf:Agent", "foaf:name": listed.owner },
        "dct:accessRights": {
            "@id": format!("http://publications.europa.eu/resource/authority/access-right/{rights}"),
        },
        "dct:accrualPeriodicity": {
            "@id": format!(
                "http://publications.europa.eu/resource/authority/frequency/{}",
                frequency(dataset.updated)
            ),
        },
        "dct:language": { "@id": "http://publications.europa.eu/resource/authority/language/VIE" },
        "dcat:distribution": [
            distribution("json", "application/x-ndjson"),
            distribution("csv", "text/csv"),
            distribution("xlsx", xlsx.media()),
            distribution("ods", ods.media()),
        ],
    })
}

fn texts(text: &Localized) -> Value {
    json!([{ "@language": "vi", "@value": text.vi }, { "@language": "en", "@value": text.en }])
}

/// The word of the frequency vocabulary.
fn frequency(often: Frequency) -> &'static str {
    match often {
        Frequency::Continuous => "UPDATE_CONT",
        Frequency::Daily => "DAILY",
        Frequency::Weekly => "WEEKLY",
        Frequency::Monthly => "MONTHLY",
        Frequency::Quarterly => "QUARTERLY",
        Frequency::Annual => "ANNUAL",
        Frequency::Irregular => "IRREG",
    }
}
