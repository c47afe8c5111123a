//! Pages that are built into the platform: called, committed, refused and run again as those of plugins.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use dinh_model::{Actor, Localized, UnitId};
use dinh_runtime::bindings::pages::{Done, Outcome, Refusal, Submission};
use dinh_runtime::bindings::types;
use dinh_runtime::bindings::views::{Page, Target};
use dinh_runtime::limits::Limits;
use dinh_runtime::manifest::{OpensTo, Route, Version};
use dinh_runtime::{Asked, CallError, Manifest, Native, Refused, Submitted};
use dinh_services::accounts::{get_unit, rename_unit, suspend};
use dinh_services::{Call, Origin, Platform, permissions};

use crate::house::{House, asked, wait};

/// Renames a unit; the first `disturbed` times somebody else does too, between its reading and its commit.
struct Renaming {
    platform: Arc<Platform>,
    operator: Origin,
    unit: UnitId,
    disturbed: AtomicU32,
}

fn page(title: &str) -> Page {
    Page {
        title: title.to_owned(),
        subtitle: None,
        breadcrumbs: Vec::new(),
        actions: Vec::new(),
        sections: Vec::new(),
        label: types::Label::Ordinary,
        as_of: None,
        letterhead: None,
    }
}

impl Native for Renaming {
    fn render(&self, call: &mut Call, asked: &Asked) -> Result<Page, Refused> {
        match asked.request.path.as_str() {
            "/" => Ok(page(&get_unit(call, self.unit)?.name)),
            "/mine" => Ok(page("Của tôi")),
            "/nothing" => Err(Refusal::NotFound("/nothing".into()).into()),
            // No page has an empty title.
            _ => Ok(page("")),
        }
    }

    fn submit(&self, call: &mut Call, _: &Asked, submission: &Submission) -> Result<Outcome, Refused> {
        let before = get_unit(call, self.unit)?;
        if self.disturbed.load(Ordering::SeqCst) > 0 {
            self.disturbed.fetch_sub(1, Ordering::SeqCst);
            let another = |call: &mut Call| rename_unit(call, self.unit, &format!("{} khác", before.name));
            self.platform.perform(&self.operator, another)?;
        }
        rename_unit(call, self.unit, &format!("{} và {}", before.name, submission.form))?;
        Ok(Outcome::Done(Done { target: Target::Page("/".into()), notice: None }))
    }
}

fn house(disturbed: u32) -> House {
    let house = House::at("2026-05-09T01:00:00Z");
    let opens_to = OpensTo::Holders(vec![permissions::UNIT_MANAGE.clone()]);
    let manifest = Manifest {
        prints: Vec::new(),
        id: "dinh".parse().unwrap(),
        version: Version { major: 0, minor: 1, patch: 0 },
        name: Localized::new("Quản trị", "Administration"),
        summary: Localized::new("Đổi tên", "Renames"),
        publisher: "Đình".into(),
        licence: "Apache-2.0".into(),
        permissions: Vec::new(),
        roles: Vec::new(),
        collections: Vec::new(),
        sequences: Vec::new(),
        tasks: Vec::new(),
        timers: Vec::new(),
        notices: Vec::new(),
        datasets: Vec::new(),
        wanted: Vec::new(),
        jobs: Vec::new(),
        service: Default::default(),
        routes: vec![
            Route { path: "/".into(), opens_to },
            Route { path: "/mine".into(), opens_to: OpensTo::Everybody },
        ],
        menu: Vec::new(),
        limits: Limits::DEFAULT,
    };
    let native = Renaming {
        platform: Arc::clone(&house.platform),
        operator: house.platform.origin(Actor::person(house.admin), Default::default()).as_operator(),
        unit: house.planning,
        disturbed: AtomicU32::new(disturbed),
    };
    house.runtime.build_in(manifest, Box::new(native));
    house
}

fn title(house: &House) -> String {
    house.draw(house.admin, "dinh", "/").unwrap().title
}

#[test]
fn what_is_built_in_is_called_as_a_plugin_is_and_is_none_of_the_installed() {
    let house = house(0);
    let before = title(&house);
    let done = house.submit(house.admin, "dinh", "đổi", &[]).unwrap();
    assert!(matches!(done, Submitted::Done(_)));
    assert_eq!(title(&house), format!("{before} và đổi"));
    assert!(house.runtime.plugins().is_empty());
    assert_eq!(house.runtime.built_in().len(), 1);
}

#[test]
fn a_call_of_it_that_conflicts_is_run_again_and_nothing_is_lost() {
    for times in [1, 4] {
        let house = house(times);
        let before = title(&house);
        house.submit(house.admin, "dinh", "đổi", &[]).unwrap();
        assert_eq!(title(&house), format!("{before}{} và đổi", " khác".repeat(times as usize)));
    }
}

#[test]
fn who_may_not_is_refused_at_the_door_about_their_own_unit_and_that_is_evidence() {
    let house = house(0);
    let refused = house.draw(house.officer, "dinh", "/").unwrap_err();
    assert!(matches!(refused, CallError::Denied(_)), "{refused:?}");
    let last = house.evidence().pop().unwrap().entry;
    assert_eq!((last.action.as_str(), last.subject), ("access.refused", format!("unit:{}", house.planning)));
    assert_eq!(last.plugin.unwrap().as_str(), "dinh");
}

#[test]
fn a_page_for_everybody_opens_for_whoever_is_signed_in_and_active_and_for_nobody_else() {
    let house = house(0);
    assert_eq!(house.draw(house.officer, "dinh", "/mine").unwrap().title, "Của tôi");
    let id = "dinh".parse().unwrap();
    let stranger = wait(house.runtime.render(&id, asked(Actor::Public, "/mine")));
    assert!(matches!(stranger, Err(CallError::Denied(_))));
    house.platform.perform(&house.operator(), |call| suspend(call, house.officer, "Nghỉ")).unwrap();
    assert!(matches!(house.draw(house.officer, "dinh", "/mine"), Err(CallError::Denied(_))));
}

#[test]
fn what_it_gives_is_looked_at_too() {
    let house = house(0);
    assert!(matches!(house.draw(house.admin, "dinh", "/nothing"), Err(CallError::NotFound(_))));
    assert!(matches!(house.draw(house.admin, "dinh", "/untitled"), Err(CallError::Failed)));
    let last = house.evidence().pop().unwrap().entry;
    assert_eq!((last.action.as_str(), last.subject.as_str()), ("call.failed", "plugin:dinh"));
}
