//! What a vendor reads when a manifest is wrong: each mistake, and the message it gives, as a snapshot.

use dinh_model::{AttachmentRule, CodeTerm, FieldType, IndexKind, Label, MediaType, Value};
use dinh_runtime::manifest::OpensTo;
use dinh_runtime::{Limits, Manifest};
use dinh_services::schedule::{Every, Recurrence};
use proptest::prelude::*;

const GOOD: &str = include_str!("manifests/good.toml");

/// Each mistake is one replacement in the good manifest.
const MISTAKES: [(&str, &str, &str); 100] = [
    ("not TOML", "publisher = \"Sở Kế hoạch và Đầu tư\"", "publisher = Sở Kế hoạch"),
    ("the same key twice", "licence =", "publisher = \"x\"\nlicence ="),
    ("an unknown key", "publisher =", "colour = \"red\"\npublisher ="),
    ("an unknown key in a field", "scale = 2", "scale = 2\nunique = true"),
    ("an unknown table", "[limits]", "[limit]"),
    ("a missing key", "licence = \"Apache-2.0\"", ""),
    ("a missing language", "{ vi = \"Năm\", en = \"Year\" }", "{ vi = \"Năm\" }"),
    ("a name in one language only", "{ vi = \"Năm\", en = \"Year\" }", "\"Năm\""),
    ("an empty name", "{ vi = \"Năm\", en = \"Year\" }", "{ vi = \"Năm\", en = \" \" }"),
    ("a wrong type", "required = true", "required = \"yes\""),
    ("a bad id", "id = \"pci-index\"", "id = \"PCI_Index\""),
    ("the platform's own id", "id = \"pci-index\"", "id = \"dinh\""),
    ("a bad version", "version = \"0.1.0\"", "version = \"1.0-beta\""),
    ("another platform", "platform = \"0.1.0\"", "platform = \"2.0.0\""),
    ("an empty publisher", "\"Sở Kế hoạch và Đầu tư\"", "\"\""),
    ("a permission with the plugin's id", "\"score.read\"\ntitle", "\"pci-index.score.read\"\ntitle"),
    ("a permission declared twice", "name = \"score.write\"", "name = \"score.read\""),
    ("a role with an undeclared permission", "[\"score.read\"]", "[\"score.see\"]"),
    ("a bad role", "name = \"reader\"", "name = \"Reader\""),
    ("a role twice", "name = \"editor\"", "name = \"reader\""),
    ("a bad collection", "name = \"editions\"", "name = \"Kỳ\""),
    ("a collection twice", "name = \"scores\"", "name = \"editions\""),
    ("an undeclared verb permission", "create = \"score.write\"", "create = \"score.add\""),
    ("a missing verb", ", delete = \"score.write\" }", " }"),
    ("a field twice", "name = \"province\"", "name = \"edition\""),
    ("a bad field", "name = \"year\"", "name = \"Year\""),
    ("an unknown type", "type = \"integer\"", "type = \"number\""),
    ("a float", "type = \"integer\"", "type = \"float\""),
    ("a decimal without scale", "scale = 2\n", ""),
    ("a scale out of range", "scale = 2", "scale = 19"),
    ("a scale on a text", "type = \"text\"\nmeaning", "type = \"text\"\nscale = 2\nmeaning"),
    ("a code without catalog", "catalog = \"provinces\"\n", ""),
    ("a code on a day that is no field", "on = \"day\"", "on = \"days\""),
    ("a code on a field that is no day", "on = \"day\"", "on = \"edition\""),
    ("a code both on a day and of any term", "on = \"day\"", "on = \"day\"\nany-term = true"),
    (
        "a day of something else than a code",
        "type = \"text\"\nmeaning",
        "type = \"text\"\non = \"day\"\nmeaning",
    ),
    ("a file without bound", "max-size = 5_000_000", "max-size = 0"),
    ("a file larger than any", "max-size = 5_000_000", "max-size = 5_000_000_000"),
    ("files of a type that is not taken", "\"image/jpeg\"", "\"text/html\""),
    ("files of no type", "[\"application/pdf\", \"image/jpeg\"]", "[]"),
    ("types of files of a text", "type = \"attachment\"\nmax-size = 5_000_000", "type = \"text\""),
    ("a reference to nowhere", "collection = \"editions\"", "collection = \"edition\""),
    ("a bad meaning", "meaning = \"score.remark\"", "meaning = \"remark\""),
    ("a label the platform may not hold", "label = \"confidential\"", "label = \"top-secret\""),
    ("a label field that is not there", "label = \"secrecy\"", "label = \"hidden\""),
    ("a unit field of another type", "unit = \"unit\"", "unit = \"author\""),
    ("an index over an unknown field", "[\"edition\", \"province\"]", "[\"edition\", \"tinh\"]"),
    ("an index over the same field twice", "[\"edition\", \"province\"]", "[\"edition\", \"edition\"]"),
    ("an unknown kind of index", "kind = \"unique\"", "kind = \"hash\""),
    ("a search index over a number", "[\"remark\"]\nkind = \"search\"", "[\"pages\"]\nkind = \"search\""),
    ("an index in order over what is sealed", "kind = \"equal\"", "kind = \"ordered\""),
    ("an index of words that are sealed", "kind = \"equal\"", "kind = \"search\""),
    (
        "a field that says whose a record is, marked personal",
        "type = \"account\"\ntitle = { vi = \"Người nhập\"",
        "type = \"account\"\npersonal = true\ntitle = { vi = \"Người nhập\"",
    ),
    (
        "drawn numbers in a text",
        "name = \"state\"\ntype = \"text\"",
        "name = \"state\"\ntype = \"text\"\ndrawn = true",
    ),
    (
        "drawn numbers that would be sealed",
        "name = \"pages\"\n",
        "name = \"pages\"\npersonal = true\ndrawn = true\n",
    ),
    ("a path that climbs", "path = \"/editions/new\"", "path = \"/editions/../new\""),
    ("a path of the platform", "path = \"/editions/new\"", "path = \"/files/new\""),
    ("a route twice", "path = \"/editions/new\"", "path = \"/\""),
    ("a task of a collection that is not there", "\"sheets\"\nwhen", "\"sheet\"\nwhen"),
    ("a task in a state of no field", "when = { state", "when = { status"),
    ("a task in a state of another type", "= \"draft\" }", "= 1 }"),
    ("a task that would wait for ever", "when = { state = \"draft\" }\nfor = \"author\"", "when = {}"),
    ("a task that no index leads to", "\"author\", \"state\", \"pages\"", "\"author\", \"pages\""),
    ("a task for a field that names nobody", "for = \"author\"", "for = \"pages\""),
    ("a task that excepts nobody", "for = \"author\"", "for = \"author\"\nexcept = [\"pages\"]"),
    ("a task in a unit that is none", "for = \"author\"", "for = \"author\"\nunit = \"author\""),
    ("a task with a subject that is no text", "subject = \"remark\"", "subject = \"pages\""),
    (
        "a dataset of a collection that is not there",
        "\"sheets\"\nfields = [\"state\"",
        "\"sheet\"\nfields = [\"state\"",
    ),
    (
        "a dataset with a field that is not there",
        "fields = [\"state\", \"pages\"]",
        "fields = [\"state\", \"page\"]",
    ),
    ("a dataset with a field twice", "fields = [\"state\", \"pages\"]", "fields = [\"state\", \"state\"]"),
    ("a dataset with a file", "fields = [\"state\", \"pages\"]", "fields = [\"state\", \"scan\"]"),
    (
        "a dataset without a purpose",
        "purposes = [{ name = \"statistics\", title = { vi = \"Thống kê\", en = \"Statistics\" } }]",
        "purposes = []",
    ),
    (
        "a dataset below its field's label",
        "collection = \"sheets\"\nfields = [\"state\", \"pages\"]\nrows = { state = \"draft\" }\nfilled = [\"author\"]",
        "collection = \"scores\"\nfields = [\"remark\"]",
    ),
    (
        "rows that betray what is more confidential",
        "collection = \"sheets\"\nfields = [\"state\", \"pages\"]\nrows = { state = \"draft\" }\nfilled = [\"author\"]",
        "collection = \"scores\"\nfields = [\"score\"]\nfilled = [\"remark\"]",
    ),
    ("a dataset brought up to date in no known way", "updated = \"weekly\"", "updated = \"hourly\""),
    (
        "a public dataset that is not ordinary",
        "updated = \"weekly\"",
        "updated = \"weekly\"\nlabel = \"confidential\"\npublic = true",
    ),
    (
        "a dataset for something that is no plugin",
        "updated = \"weekly\"",
        "updated = \"weekly\"\nconsumers = [\"Party Finance\"]",
    ),
    (
        "a public dataset for some plugins only",
        "updated = \"weekly\"",
        "updated = \"weekly\"\npublic = true\nconsumers = [\"party-finance\"]",
    ),
    ("a wanted dataset of its own", "plugin = \"personnel\"", "plugin = \"pci-index\""),
    ("a wanted dataset without its legal basis", "legal-basis = \"Quy chế 12\"", "legal-basis = \"\""),
    ("a wanted dataset that would keep more than there is", "keep = \"references\"", "keep = \"everything\""),
    (
        "changes that the plugin itself may not read",
        "permissions = [\"score.read\", \"score.write\"]\nlabel",
        "permissions = [\"score.write\"]\nlabel",
    ),
    (
        "changes without a right of the plugin's own",
        "[service]\npermissions = [\"score.read\", \"score.write\"]\nlabel = \"confidential\"\n",
        "",
    ),
    ("an undeclared permission of its own", "\"score.write\"]\nlabel", "\"score.see\"]\nlabel"),
    ("a permission of its own twice", "\"score.write\"]\nlabel", "\"score.read\"]\nlabel"),
    (
        "its own rights up to no label",
        "label = \"confidential\"\n\n[limits]",
        "label = \"secret\"\n\n[limits]",
    ),
    ("a limit above the most", "rows-read = 50000", "rows-read = 50000000"),
    ("a bad job", "name = \"assess\"", "name = \"Assess\""),
    ("a job that does not say what it counts", "counted = { vi = \"phiếu\", en = \"sheets\" }\n", ""),
    ("a job for an undeclared permission", "\"score.write\"\nsteps", "\"score.assess\"\nsteps"),
    ("a job without a step", "steps = 500", "steps = 0"),
    ("a job that takes weeks", "hours = 2", "hours = 400"),
    ("a timer twice", "name = \"quarterly\"", "name = \"edition-due\""),
    ("a bad timer", "name = \"edition-due\"", "name = \"edition due\""),
    ("a timer of no period", "every = \"quarter\"", "every = \"decade\""),
    ("a timer without its day", "day = 25\n", ""),
    ("a timer on no day", "day = 25", "day = 32"),
    ("a timer at no hour", "hour = 8", "hour = 24"),
    ("a time that says nothing of a period", "every = \"quarter\"", "every = \"month\""),
    ("a time of a timer that code sets", "every = \"quarter\"\n", ""),
];

#[test]
fn every_mistake_is_named_with_its_line_and_its_remedy() {
    let mut messages = String::new();
    for (mistake, good, bad) in MISTAKES {
        assert!(GOOD.contains(good), "{good:?} is not in the good manifest");
        let wrong = Manifest::parse(&GOOD.replacen(good, bad, 1)).expect_err(mistake);
        messages.push_str(&format!("# {mistake}\n{wrong}\n\n"));
    }
    insta::assert_snapshot!(messages);
}

#[test]
fn a_field_takes_the_files_that_it_says_or_all_that_the_platform_takes() {
    let kind =
        |text: &str| Manifest::parse(text).unwrap().collections[2].field("scan").unwrap().1.kind.clone();
    let media = vec![MediaType::Pdf, MediaType::Jpeg];
    let rule = AttachmentRule { most_bytes: Some(5_000_000), media };
    assert_eq!(kind(GOOD), FieldType::Attachment(rule));
    let without = "max-size = 5_000_000\nmedia-types = [\"application/pdf\", \"image/jpeg\"]\n";
    assert_eq!(kind(&GOOD.replacen(without, "", 1)), FieldType::Attachment(AttachmentRule::default()));
}

#[test]
fn a_field_refers_to_a_record_of_a_wanted_dataset_or_is_told_which_there_are() {
    let wanted = "[[wanted]]\nname = \"members\"\nplugin = \"personnel\"\ndataset = \"members\"\n\
        fields = [\"full-name\"]\npurpose = \"dues\"\nlegal-basis = \"x\"\npermission = \"score.read\"\n\
        keep = \"references\"\n\n[[routes]]";
    let with = |field: &str| {
        let text = GOOD.replacen("[[routes]]", wanted, 1);
        Manifest::parse(&text.replacen("collection = \"editions\"\n", field, 1))
    };
    let manifest = with("wanted = \"members\"\n").unwrap();
    let expected = FieldType::SharedReference { wanted: "members".to_owned() };
    assert_eq!(manifest.collections[1].fields[0].kind, expected);
    for (field, remedy) in [
        ("wanted = \"strangers\"\n", "use one of: `members`"),
        ("collection = \"editions\"\nwanted = \"members\"\n", "keep `collection`"),
        ("", "add `collection`"),
    ] {
        let wrong = with(field).unwrap_err();
        assert!(wrong.remedy.contains(remedy), "{wrong}");
    }
    let (before, after) = GOOD.split_once("[[wanted]]").unwrap();
    let nothing_wanted = format!("{before}[limits]{}", after.split_once("[limits]").unwrap().1);
    let text = nothing_wanted.replacen("collection = \"editions\"\n", "wanted = \"members\"\n", 1);
    assert!(Manifest::parse(&text).unwrap_err().remedy.contains("[[wanted]]"));
}

#[test]
fn a_manifest_without_routes_could_show_nothing_and_is_refused() {
    let (head, _) = GOOD.split_once("[[routes]]").unwrap();
    let wrong = Manifest::parse(head).unwrap_err();
    assert_eq!((wrong.line, wrong.column), (2, 6));
    assert!(wrong.remedy.contains("[[routes]]"), "{wrong}");
}

#[test]
fn too_many_of_a_kind_and_too_many_bytes_are_refused() {
    let many = |count: usize| {
        (0..count).fold(GOOD.to_owned(), |text, number| {
            format!("{text}\n[[sequences]]\nname = \"s{number}\"\ntitle = {{ vi = \"a\", en = \"b\" }}\n")
        })
    };
    assert!(Manifest::parse(&many(199)).is_ok());
    let wrong = Manifest::parse(&many(200)).unwrap_err();
    assert!(wrong.problem.contains("more than 200 sequences"), "{wrong}");
    let long = format!("{GOOD}# {}", "x".repeat(1 << 20));
    assert!(Manifest::parse(&long).unwrap_err().remedy.contains("at most 1048576 bytes"));
}

#[test]
fn nesting_without_end_is_an_error_and_not_a_crash() {
    for deep in ["[".repeat(500_000), "a = ".to_owned() + &"{ a = ".repeat(100_000), "a.".repeat(300_000)] {
        assert!(Manifest::parse(&deep).is_err());
    }
}

proptest! {
    /// Whatever is done to a manifest, it is read or refused at a place that is there.
    #[test]
    fn a_manifest_damaged_anywhere_is_read_or_refused_with_its_place(
        from in 0..GOOD.len(),
        length in 0_usize..40,
        put in "[ -~\\n]{0,12}",
    ) {
        let (from, to) = (GOOD.floor_char_boundary(from), GOOD.floor_char_boundary(from + length));
        let damaged = format!("{}{put}{}", &GOOD[..from], &GOOD[to.max(from)..]);
        if let Err(wrong) = Manifest::parse(&damaged) {
            prop_assert!(wrong.line >= 1 && wrong.line <= damaged.lines().count().max(1) + 1, "{}", wrong);
            prop_assert!(!wrong.problem.is_empty() && !wrong.remedy.is_empty(), "{}", wrong);
        }
    }
}

#[test]
fn a_manifest_says_what_a_plugin_is() {
    let manifest = Manifest::parse(GOOD).unwrap();
    assert_eq!(manifest.id.as_str(), "pci-index");
    assert_eq!(manifest.name.vi, "Chỉ số PCI");
    let permissions: Vec<_> = manifest.permissions.iter().map(|p| p.permission.as_str()).collect();
    assert_eq!(permissions, ["pci-index.score.read", "pci-index.score.write"]);
    assert_eq!(manifest.roles[1].id.as_str(), "pci-index.editor");
    assert_eq!(manifest.roles[1].permissions.len(), 2);

    let editions = &manifest.collections[0];
    assert_eq!((editions.unit_field, editions.label_field, editions.label), (None, None, Label::Ordinary));
    let scores = &manifest.collections[1];
    assert_eq!((scores.unit_field, scores.owner_field, scores.label_field), (Some(3), Some(4), Some(5)));
    assert_eq!(scores.fields[2].kind, FieldType::Decimal { scale: 2 });
    assert_eq!(
        scores.fields[1].kind,
        FieldType::Code { catalog: "provinces".to_owned(), valid: CodeTerm::On("day".to_owned()) }
    );
    assert_eq!(scores.fields[7].label, Label::Confidential);
    assert_eq!(scores.fields[7].meaning.as_deref(), Some("score.remark"));
    assert_eq!((scores.indexes[0].kind, &scores.indexes[0].fields), (IndexKind::Unique, &vec![0, 1]));
    let task = &manifest.tasks[0];
    assert_eq!((task.collection.as_str(), task.assignee.as_deref()), ("sheets", Some("author")));
    assert_eq!(task.when, [("state".to_owned(), Value::Text("draft".to_owned()))]);
    assert_eq!(manifest.limits.call.rows_read, 50_000);
    assert_eq!(manifest.limits.cpu, Limits::DEFAULT.cpu);
    let timers: Vec<_> = manifest.timers.iter().map(|it| (it.name.as_str(), it.every)).collect();
    let quarterly = Recurrence::new(Every::Quarter(3, 25), 8).unwrap();
    assert_eq!(timers, [("edition-due", None), ("quarterly", Some(quarterly))]);
}

#[test]
fn a_task_names_who_did_an_earlier_step_and_the_unit_that_does_the_next() {
    let field = "name = \"scan\"\n";
    let unit = "name = \"to\"\ntype = \"unit\"\ntitle = { vi = \"Nơi nhận\", en = \"To\" }\n\n[[collections.fields]]\n";
    let more = GOOD.replace(field, &format!("{unit}{field}"));
    let more = more.replace("for = \"author\"", "for = \"author\"\nexcept = [\"author\"]\nunit = \"to\"");
    let task = &Manifest::parse(&more).unwrap().tasks[0];
    assert_eq!((task.except.as_slice(), task.unit.as_deref()), (&["author".to_owned()][..], Some("to")));
    let task = &Manifest::parse(GOOD).unwrap().tasks[0];
    assert!(task.except.is_empty() && task.unit.is_none());
}

#[test]
fn a_label_for_a_whole_collection_is_a_label_where_no_field_has_its_name() {
    let manifest = Manifest::parse(&GOOD.replace("label = \"secrecy\"", "label = \"confidential\"")).unwrap();
    assert_eq!(manifest.collections[1].label, Label::Confidential);
    assert_eq!(manifest.collections[1].label_field, None);
}

#[test]
fn a_collection_names_the_account_that_its_records_are_withheld_from() {
    let about = |field: &str| GOOD.replace("owner = \"author\"", &format!("withheld-from = \"{field}\""));
    let scores = &Manifest::parse(&about("author")).unwrap().collections[1];
    assert_eq!((scores.owner_field, scores.withheld_field), (None, Some(4)));
    let wrong = Manifest::parse(&about("unit")).unwrap_err().to_string();
    assert!(wrong.contains("unit") && wrong.contains("account"), "{wrong}");
}

#[test]
fn a_collection_names_who_may_know_who_has_seen_its_records() {
    let told =
        GOOD.replacen("delete = \"score.write\"", "delete = \"score.write\", seen = \"score.read\"", 1);
    let read = Manifest::parse(GOOD).unwrap().collections;
    let seen = Manifest::parse(&told).unwrap().collections;
    assert!(read.iter().all(|collection| collection.seen.is_none()));
    assert!(seen.iter().any(|collection| {
        collection.seen.as_ref().is_some_and(|seen| seen.to_string() == "pci-index.score.read")
    }));
    let wrong = Manifest::parse(&told.replace("seen = \"score.read\"", "seen = \"score.look\"")).unwrap_err();
    assert!(wrong.to_string().contains("score.look"), "{wrong}");
}

#[test]
fn the_longest_route_whose_segments_begin_a_path_decides() {
    let manifest = Manifest::parse(GOOD).unwrap();
    let asks = |path: &str| {
        manifest.route(path).map(|route| match &route.opens_to {
            OpensTo::Holders(held) => held[0].to_string(),
            OpensTo::Everybody => "everybody".to_owned(),
        })
    };
    let (read, write) = ("pci-index.score.read", "pci-index.score.write");
    assert_eq!(asks("/").as_deref(), Some(read));
    assert_eq!(asks("/editions").as_deref(), Some(read));
    assert_eq!(asks("/editions/new").as_deref(), Some(write));
    assert_eq!(asks("/editions/new/2021").as_deref(), Some(write));
    assert_eq!(asks("/editions/newer").as_deref(), Some(read));
    let narrow = Manifest::parse(&GOOD.replacen("path = \"/\"", "path = \"/ranking\"", 1)).unwrap();
    assert_eq!(narrow.route("/"), None);
}
