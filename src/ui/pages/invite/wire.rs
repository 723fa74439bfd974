//! What the form's browser half exchanges: the fields as the browser would send them, the answer's address, and what is kept in
//! the open tab so that nothing typed is lost by a reload, an ended session or a way to another page.

use super::row::EditedRow;
use crate::domain::error::UseCaseError;
use crate::domain::id::UserId;
use crate::domain::listing::{escape, query_pairs, query_value};
use crate::domain::paste::read_paste;
use crate::domain::review::RowRules;
use crate::server_fns::invitations::Invite;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos::server_fn::client::Client;
use leptos::server_fn::error::FromServerFnError;
use leptos::server_fn::request::ClientReq;
use leptos::server_fn::response::ClientRes;
use leptos::wasm_bindgen::{JsCast, JsValue};
use leptos::web_sys::js_sys::{Function, Reflect};
use leptos::web_sys::{FormData, HtmlFormElement, UrlSearchParams};
use std::collections::BTreeMap;

/// Names and values, in the order of the form.
pub type Fields = Vec<(String, String)>;

/// The fields of a form as the browser would send them.
pub fn fields_of(form: &HtmlFormElement) -> Fields {
    let fields = FormData::new_with_form(form).ok();
    let text = fields.and_then(|fields| UrlSearchParams::new_with_str_sequence_sequence(&fields).ok());
    text.and_then(|text| text.to_string().as_string()).map(|text| query_pairs(&text)).unwrap_or_default()
}

/// As the body of a form.
pub fn encoded(fields: &[(String, String)]) -> String {
    let pairs = fields.iter().map(|(name, value)| format!("{}={}", escape(name), escape(value)));
    pairs.collect::<Vec<_>>().join("&")
}

/// Whether a field is about one row, or fills rows, or only asks for a look: what the rows themselves know better.
fn is_of_rows(name: &str) -> bool {
    name.starts_with("rows[") || matches!(name, "addresses" | "only_check")
}

/// The fields that hold for everyone, and the rows behind them.
pub fn with_rows(everyone: &[(String, String)], rows: &[EditedRow]) -> Fields {
    let mut fields: Fields = everyone.iter().filter(|(name, _)| !is_of_rows(name)).cloned().collect();
    for (at, row) in rows.iter().enumerate() {
        let wished = row.wished();
        let mut put = |field: &str, value: String| fields.push((format!("rows[{at}][{field}]"), value));
        put("typed", wished.typed);
        let texts = [
            ("name", wished.name),
            ("phone", wished.phone),
            ("role", wished.role),
            ("said_role", wished.said_role),
            ("said_unit", wished.said_unit),
        ];
        for (field, value) in texts {
            if !value.is_empty() {
                put(field, value);
            }
        }
        let optional = [
            ("address", wished.address),
            ("asked", wished.asked),
            ("position", wished.position.map(|position| position.to_string())),
            ("dropped", row.is_dropped.then(|| "on".to_string())),
        ];
        for (field, value) in optional {
            if let Some(value) = value {
                put(field, value);
            }
        }
    }
    fields
}

/// The number and the field in `rows[3][address]`.
pub fn row_field(name: &str) -> Option<(u32, &str)> {
    let (number, field) = name.strip_prefix("rows[")?.strip_suffix(']')?.split_once("][")?;
    Some((number.parse().ok()?, field))
}

/// The rows in the fields of a form, as they were when these were kept.
pub fn rows_in(fields: &[(String, String)], rules: &RowRules) -> Vec<EditedRow> {
    let mut found: BTreeMap<u32, BTreeMap<&str, &str>> = BTreeMap::new();
    for (name, value) in fields {
        if let Some((number, field)) = row_field(name) {
            found.entry(number).or_default().insert(field, value);
        }
    }
    let row = |fields: BTreeMap<&str, &str>| {
        let typed = fields.get("typed").copied().unwrap_or_default();
        let mut row = match read_paste(typed).entries.first() {
            Some(entry) => EditedRow::pasted(entry, rules),
            None => EditedRow::empty(),
        };
        row.typed = typed.to_string();
        if let Some(phone) = fields.get("phone") {
            row.renumber(phone, rules);
        }
        let texts = [
            ("name", &mut row.name),
            ("role", &mut row.role),
            ("said_role", &mut row.said_role),
            ("said_unit", &mut row.said_unit),
        ];
        for (field, to) in texts {
            if let Some(value) = fields.get(field) {
                *to = (*value).to_string();
            }
        }
        row.ask_role();
        row.position = fields.get("position").and_then(|position| position.parse().ok());
        row.is_dropped = fields.contains_key("dropped");
        if let Some(answer) = fields.get("address").filter(|_| !row.verdict.is_ready()) {
            row.choose(Some((*answer).to_string()));
        }
        row
    };
    found.into_values().map(row).collect()
}

/// Sends fields to a form's address: where its answer is, or why there is none.
pub async fn send(path: &str, body: String) -> Result<String, UseCaseError> {
    type Browser = <Invite as ServerFn>::Client;
    type Request = <Browser as Client<UseCaseError>>::Request;
    let form = "application/x-www-form-urlencoded";
    let request: Result<Request, UseCaseError> = Request::try_new_post(path, form, "application/json", body);
    let answer = <Browser as Client<UseCaseError>>::send(request?).await?;
    if ClientRes::<UseCaseError>::has_redirect(&answer) {
        return Ok(ClientRes::<UseCaseError>::location(&answer));
    }
    Err(UseCaseError::de(ClientRes::<UseCaseError>::try_into_bytes(answer).await?))
}

/// The draft that an address of the form names.
pub fn draft_in(address: &str) -> Option<String> {
    query_value(address.split_once('?')?.1, "draft").filter(|draft| !draft.is_empty())
}

/// The storage of the open tab: it ends with the tab, and each person finds their own.
fn storage(person: &UserId) -> Option<(JsValue, JsValue)> {
    let storage = Reflect::get(&window(), &"sessionStorage".into()).ok().filter(|storage| !storage.is_null())?;
    Some((storage, format!("invite {person}").into()))
}

fn function(storage: &JsValue, name: &str) -> Option<Function> {
    Reflect::get(storage, &name.into()).ok()?.dyn_into().ok()
}

/// Keeps what stands in the form.
pub fn keep(person: &UserId, fields: &[(String, String)]) {
    if let Some((storage, name)) = storage(person)
        && let Some(set) = function(&storage, "setItem")
    {
        // A full storage keeps nothing; the page still has it.
        let _ = set.call2(&storage, &name, &encoded(fields).into());
    }
}

/// What was kept.
pub fn kept(person: &UserId) -> Option<Fields> {
    let (storage, name) = storage(person)?;
    let text = function(&storage, "getItem")?.call1(&storage, &name).ok()?.as_string()?;
    Some(query_pairs(&text)).filter(|fields| !fields.is_empty())
}

/// Forgets what was kept.
pub fn forget(person: &UserId) {
    if let Some((storage, name)) = storage(person)
        && let Some(remove) = function(&storage, "removeItem")
    {
        let _ = remove.call1(&storage, &name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<EditedRow> {
        read_paste(text).entries.iter().map(|entry| EditedRow::pasted(entry, &RowRules::default())).collect()
    }

    /// What was typed, named and answered comes back as it was.
    #[test]
    fn what_is_kept_comes_back() {
        let mut all = rows("Vera <vera@gmail.com> +375 29 123-45-67; olga@acme; kim@gmial.com; o'brien+x@acme.by");
        all[1].said_unit = "Sales".into();
        all[3].said_role = "Boss".into();
        all[0].role = "dispatcher".into();
        all[2].choose(Some("kim@gmail.com".into()));
        all[3].is_dropped = true;
        let everyone = [("language".to_string(), "ru".to_string()), ("rows[0][typed]".into(), "stale".into())];
        let fields = query_pairs(&encoded(&with_rows(&everyone, &all)));
        assert_eq!(fields[0], everyone[0]);
        let again = rows_in(&fields, &RowRules::default());
        let seen = |row: &EditedRow| {
            (
                row.typed.clone(),
                row.name.clone(),
                row.phone.clone(),
                row.role.clone(),
                row.said_role.clone() + &row.said_unit,
                row.answer.clone(),
                row.is_dropped,
            )
        };
        assert_eq!(again.iter().map(seen).collect::<Vec<_>>(), all.iter().map(seen).collect::<Vec<_>>());
    }

    #[test]
    fn a_field_names_its_row() {
        assert_eq!(row_field("rows[12][address]"), Some((12, "address")));
        for other in ["rows[x][address]", "rows[1]", "role", "rows[][a]"] {
            assert_eq!(row_field(other), None, "{other}");
        }
    }
}
