//! What a plugin could not digest: on the page of its contract and in the inbox, to be told again or given up.

use axum::http::StatusCode;
use dinh_model::{RecordId, Value};
use dinh_services::records::{FieldValue, insert, update};
use serde_json::json;

use crate::house::expect;
use crate::sharing::{Neighbours, page};

fn fields(values: &[(&str, Value)]) -> Vec<FieldValue> {
    values.iter().map(|(field, value)| FieldValue { field: (*field).into(), value: value.clone() }).collect()
}

impl Neighbours {
    /// A note that the subscriber breaks off at, until its weight is another.
    fn poison(&self) -> RecordId {
        let data = self.house.runtime.plugin(&"forgetful".parse().unwrap()).unwrap().data.clone();
        let values = fields(&[
            ("title", Value::Text("Ghi chép hỏng".into())),
            ("weight", Value::Integer(13)),
            ("unit", Value::Unit(self.planning)),
            ("secrecy", Value::Text("ordinary".into())),
        ]);
        let note = self.house.perform(|call| Ok(insert(call, &data, "notes", values.clone())?));
        for _ in 0..5 {
            self.house.runtime.tell_now().unwrap();
            self.house.clock.advance(1);
        }
        note
    }

    fn mend(&self, note: RecordId) {
        let data = self.house.runtime.plugin(&"forgetful".parse().unwrap()).unwrap().data.clone();
        let values = fields(&[("weight", Value::Integer(5))]);
        self.house.perform(|call| Ok(update(call, &data, "notes", note, None, values.clone())?));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_parked_record_is_seen_told_again_and_given_up_by_whoever_asked() {
    let it = Neighbours::new().await;
    let contract = it.ask().await;
    let mut giu = it.house.browser("giu").await;
    let asked = page(&mut giu, &contract).await;
    assert!(asked.contains("Ứng dụng tự theo dõi thay đổi") && asked.contains("được tự theo dõi"), "{asked}");
    expect(&it.agree(&contract, json!({ "changes": true })).await, StatusCode::SEE_OTHER);
    let note = it.poison();

    let mut hoi = it.house.browser("hoi").await;
    let shown = page(&mut hoi, &contract).await;
    for words in
        ["Báo thay đổi cho ứng dụng", "Bản ghi tạm gác", "Ứng dụng báo lỗi", "Báo lại", &note.to_string()]
    {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    assert!(page(&mut hoi, "/apps/dinh/inbox").await.contains("không xử lý được"));
    // The steward sees how it is, and decides nothing of it.
    let shown = page(&mut giu, &contract).await;
    assert!(shown.contains("Bản ghi tạm gác") && !shown.contains("Báo lại"), "{shown}");
    let retry = json!({ "form": "retry-parked", "selected": [note.to_string()] });
    let mut steward = it.house.program("giu").await;
    expect(&steward.post_json(&contract, &retry).await, StatusCode::FORBIDDEN);

    // Told again while it is as it was, it is parked again; mended, it is told.
    let mut asker = it.house.program("hoi").await;
    expect(&asker.post_json(&contract, &retry).await, StatusCode::SEE_OTHER);
    it.house.runtime.tell_now().unwrap();
    assert!(page(&mut hoi, &contract).await.contains("Bản ghi tạm gác"));
    it.mend(note);
    expect(&asker.post_json(&contract, &retry).await, StatusCode::SEE_OTHER);
    it.house.runtime.tell_now().unwrap();
    let shown = page(&mut hoi, &contract).await;
    assert!(shown.contains("Đã báo đủ") && !shown.contains("Bản ghi tạm gác"), "{shown}");

    let note = it.poison();
    let give_up = |reason: &str| json!({ "form": "drop-parked", "inputs": { "record": note.to_string(), "reason": reason } });
    expect(&asker.post_json(&contract, &give_up(" ")).await, StatusCode::UNPROCESSABLE_ENTITY);
    expect(&asker.post_json(&contract, &give_up("Không cần nữa")).await, StatusCode::SEE_OTHER);
    assert!(!page(&mut hoi, "/apps/dinh/inbox").await.contains("không xử lý được"));
}
