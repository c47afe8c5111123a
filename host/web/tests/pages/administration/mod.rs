//! The platform's own pages, as browsers and programs meet them at `/apps/dinh`.

mod catalogs;
mod entering;
mod evidence;
mod heads;
mod importing;
mod lending;
mod people;
mod plugins;
mod refusals;
mod rights;
mod second_factor;
mod sessions;
mod through_json;
mod two_people;
mod units;

use axum::http::StatusCode;
use dinh_model::{AccountId, UnitId};
use dinh_services::accounts;
use serde_json::json;

use crate::house::{Answer, House, Visitor, expect};

/// A province with `quan`, who administers all of it, and `so`, who administers its planning department only.
pub struct Offices {
    pub house: House,
    pub planning: UnitId,
    pub quan: AccountId,
    pub so: AccountId,
}

impl Offices {
    pub fn new() -> Self {
        let house = House::new();
        let planning = house.perform(|call| Ok(accounts::find_unit(call, "skhdt")?.unwrap().id));
        let quan = house.person("quan", "Lê Minh Quân", house.province, false);
        let so = house.person("so", "Đặng Thị Sổ", planning, false);
        house.give(quan, "dinh.administrator", house.province);
        house.give(so, "dinh.administrator", planning);
        Self { house, planning, quan, so }
    }

    /// `giam`, who directs the whole province and so approves what others ask for.
    pub fn director(&self) -> AccountId {
        let giam = self.house.person("giam", "Hoàng Văn Giám", self.house.province, false);
        self.house.give(giam, "dinh.director", self.house.province);
        giam
    }

    /// The director approves a request, on its page.
    pub async fn approve(&self, request: u32) {
        let mut giam = self.house.program("giam").await;
        let path = format!("/apps/dinh/requests/{request}");
        expect(&giam.post_json(&path, &json!({ "form": "approve" })).await, StatusCode::SEE_OTHER);
    }

    pub fn account(&self, login: &str) -> accounts::Account {
        self.house.perform(|call| Ok(accounts::find_account(call, login)?.unwrap()))
    }
}

/// Sends the form `form` of the page at `path` as a browser does: drawn first, with everything hidden in it.
pub async fn send(visitor: &mut Visitor, path: &str, form: &str, inputs: &[(&str, &str)]) -> Answer {
    let page = visitor.get(path).await;
    let fields = filled(&page, form, inputs);
    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    visitor.post(path, &fields).await
}

/// A form as it comes back from a browser.
pub fn filled(page: &Answer, form: &str, inputs: &[(&str, &str)]) -> Vec<(String, String)> {
    let marker = format!("<form id=\"{form}\"");
    let marker = if page.body.contains(&marker) { marker } else { format!("id=\"{form}\"") };
    let mut fields = vec![("form".to_owned(), form.to_owned())];
    for name in ["csrf", "once", "seal", "shown"] {
        let value = page.hidden(&marker, name);
        if !value.is_empty() {
            fields.push((name.to_owned(), value));
        }
    }
    fields.extend(inputs.iter().map(|(name, value)| (format!("f.{name}"), (*value).to_owned())));
    fields
}

/// The column `key` of the table `id` of a page as JSON.
pub fn column(page: &serde_json::Value, id: &str, key: &str) -> Vec<String> {
    let sections = page["sections"].as_array().unwrap().iter();
    let mut blocks = sections.flat_map(|section| section["blocks"].as_array().unwrap());
    let table = blocks.find(|block| block["id"] == id).unwrap_or_else(|| panic!("no {id} in {page}"));
    let rows = table["rows"].as_array().unwrap();
    rows.iter()
        .map(|row| {
            let cell = &row["cells"][key];
            let text = cell.as_str().or_else(|| cell["name"].as_str()).map(str::to_owned);
            text.unwrap_or_else(|| cell.to_string())
        })
        .collect()
}

/// One tag a line, without what is different each time.
pub fn readable(html: &str) -> String {
    let mut text = html.replace("><", ">\n<");
    for name in ["once", "csrf", "seal", "whose"] {
        let marker = format!("name=\"{name}\" value=\"");
        let parts: Vec<_> = text.split(&marker).collect();
        let rest = parts.iter().skip(1).map(|part| format!("{marker}…{}", &part[part.find('"').unwrap()..]));
        text = parts[0].to_owned() + &rest.collect::<String>();
    }
    text
}
