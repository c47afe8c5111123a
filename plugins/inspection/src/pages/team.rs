//! Who takes part in a case, and the question whether somebody is related to its subject: yes or no, and nothing else.

use dinh_sdk::prelude::*;

use super::may;
use crate::model::dossier::role;
use crate::model::shared::{self, MemberName};
use crate::model::{Dossier, Member};
use crate::permission;

/// Draws the page.
pub(crate) fn draw(request: &Request) -> Result<Page> {
    let say = |vi, en| request.say(vi, en);
    let dossier = Dossier::get(request.parameter("id")?)?;
    let team = Member::of(dossier.id)?;
    let mut page = Page::new(say("Tổ kiểm tra, giám sát", "Team"))
        .letterhead(dossier.unit)
        .subtitle(dossier.title.clone())
        .breadcrumb(say("Hồ sơ", "Dossiers"), "/")
        .breadcrumb(dossier.sign(), crate::deeds::shown_at(dossier.id))
        .label(Label::Confidential)
        .block(table(request, &team));
    if let Some(subject) = dossier.member {
        page = page.section(question(request, subject)?);
    }
    if dossier.is_open() && may(permission::DIRECT, dossier.unit) {
        page = page.section(
            Section::new("join-team", say("Thêm thành viên", "Add somebody"))
                .block(join(request))
                .collapsed(),
        );
        let there: Vec<_> = team.iter().filter(|member| member.left_on.is_none()).collect();
        if !there.is_empty() {
            page = page.section(
                Section::new("leave-team", say("Thôi tham gia, từ chối tham gia", "Leave, recusal"))
                    .block(leave(request, &there)?)
                    .collapsed(),
            );
        }
    }
    Ok(page)
}

fn role_name(request: &Request, key: &str) -> &'static str {
    let language = request.language();
    match key {
        role::LEAD => language.of("Tổ trưởng", "Head"),
        role::SECRETARY => language.of("Thư ký", "Secretary"),
        _ => language.of("Thành viên", "Member"),
    }
}

fn table(request: &Request, team: &[Stored<Member>]) -> Table {
    let say = |vi, en| request.say(vi, en);
    Table::of("team", team)
        .column(
            Head::new("member", say("Họ và tên", "Name")).wide().showing(MemberName::FULL_NAME),
            |row| row.member,
        )
        .column(Head::new("role", say("Nhiệm vụ", "Role")), |row| role_name(request, &row.role))
        .column(Head::new("added-on", say("Ngày tham gia", "Added on")).format(Format::Date), |row| {
            row.added_on
        })
        .column(Head::new("left-on", say("Ngày thôi", "Left on")).format(Format::Date), |row| row.left_on)
        .column(Head::new("recused", say("Từ chối tham gia", "Recused")).format(Format::Cross), |row| {
            row.recused
        })
        .column(Head::new("reason", say("Lý do", "Reason")), |row| row.reason.as_deref())
        .row_kind(|row| row.left_on.is_some().then_some(RowKind::Cancelled))
        .build()
        .empty(say("Chưa phân công ai.", "Nobody yet."))
}

/// Asked by anybody who may see the dossier, also by those who wonder about themselves.
fn question(request: &Request, subject: RecordId) -> Result<Section> {
    let say = |vi, en| request.say(vi, en);
    let asked: Option<RecordId> = request.optional("asked")?;
    let form = Form::new("ask", say("Hỏi", "Ask"))
        .field(shared::picker(request, Member::MEMBER.name()).value(asked).required().width(6));
    let section =
        Section::new("kinship", say("Có quan hệ gia đình với đối tượng không?", "Related to the subject?"))
            .block(form);
    let Some(asked) = asked else {
        return Ok(section.block(Paragraph::note(say(
            "Trả lời có hoặc không, theo bảng quan hệ gia đình của hồ sơ cán bộ (họ tên và năm sinh). Mỗi lần hỏi được ghi nhật ký.",
            "The answer is yes or no, by the family table of personnel (name and year of birth). Each question is evidence.",
        ))));
    };
    if asked == subject {
        return Ok(
            section.block(Notice::warning(say("Đây chính là đối tượng của hồ sơ", "This is the subject")))
        );
    }
    let answer = match shared::related(asked, subject) {
        Ok(Some(true)) => Notice::new(
            Tone::Bad,
            say("Có", "Yes"),
            say("Người này phải từ chối tham gia.", "They have to be recused."),
        ),
        Ok(Some(false)) => Notice::new(
            Tone::Good,
            say("Không", "No"),
            say("Hồ sơ cán bộ không ghi quan hệ gia đình.", "Personnel knows of no kinship."),
        ),
        Ok(None) => Notice::warning(say("Chưa tra cứu được", "Cannot be looked up")),
        Err(Error::Denied(reason)) => {
            Notice::new(Tone::Warning, say("Chưa tra cứu được", "Cannot be looked up"), reason)
        }
        Err(error) => return Err(error),
    };
    Ok(section.block(answer))
}

fn join(request: &Request) -> Form {
    let say = |vi, en| request.say(vi, en);
    let roles =
        [role::LEAD, role::MEMBER, role::SECRETARY].map(|key| Choice::new(key, role_name(request, key)));
    Form::new("join", say("Thêm", "Add"))
        .help(say(
            "Người có quan hệ gia đình với đối tượng không được thêm vào tổ.",
            "Nobody who is related to the subject is added.",
        ))
        .field(shared::picker(request, Member::MEMBER.name()).required().width(6))
        .field(Field::choice("role", say("Nhiệm vụ", "Role"), roles.to_vec()).required().width(6))
}

fn leave(request: &Request, there: &[&Stored<Member>]) -> Result<Form> {
    let say = |vi, en| request.say(vi, en);
    let mut choices = Vec::new();
    for member in there {
        let name = shared::name_of(member.member)?
            .unwrap_or_else(|| say("(không đọc được tên)", "(no name)").to_owned());
        let text = format!("{name} – {}", role_name(request, &member.role));
        choices.push(Choice::new(member.id.to_string(), text));
    }
    Ok(Form::new("leave", say("Ghi", "Record"))
        .field(Field::choice("member", say("Thành viên", "Member"), choices).required().width(6))
        .field(
            Field::boolean("recused", say("Từ chối tham gia (vì có quan hệ với đối tượng)", "Recused"))
                .width(6),
        )
        .field(Field::text("reason", say("Lý do", "Reason")).required().at_most(300)))
}
