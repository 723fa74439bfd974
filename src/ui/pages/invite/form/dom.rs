//! The fields of the form as they stand in the page. Not there on the server; what they mean is not known here.

use super::FORM;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlElement, HtmlFormElement, HtmlInputElement, HtmlTextAreaElement};

pub(super) fn form() -> Option<HtmlFormElement> {
    document().get_element_by_id(FORM)?.dyn_into().ok()
}

pub(super) fn text_field() -> Option<HtmlTextAreaElement> {
    field_of_text("addresses")
}

pub(super) fn field_of_text(name: &str) -> Option<HtmlTextAreaElement> {
    document().get_element_by_id(name)?.dyn_into().ok()
}

pub(super) fn element_named(name: &str) -> Option<HtmlInputElement> {
    document().query_selector(&format!("[name=\"{name}\"]")).ok()??.dyn_into().ok()
}

pub(super) fn focus(which: &str) {
    if let Ok(Some(element)) = document().query_selector(which)
        && let Ok(element) = element.dyn_into::<HtmlElement>()
    {
        let _ = element.focus();
    }
}

pub(super) fn matches(element: &Element, which: &str) -> bool {
    element.matches(which).unwrap_or(false)
}

/// Puts answers back into the fields that hold for everyone.
pub(super) fn set_answers(fields: &[(String, String)]) {
    let Some(form) = form() else { return };
    let all = form.elements();
    for at in 0..all.length() {
        // A select has a value as an input has, so one type serves both.
        let Some(field) = all.item(at).map(JsCast::unchecked_into::<HtmlInputElement>) else { continue };
        if !matches!(
            field.get_attribute("name").as_deref(),
            Some("units[]" | "extra[]" | "role" | "language" | "valid_for")
        ) {
            continue;
        }
        let mut values = fields.iter().filter(|(name, _)| *name == field.name()).map(|(_, value)| value);
        match field.type_().as_str() {
            "checkbox" | "radio" => field.set_checked(values.any(|value| *value == field.value())),
            "hidden" => {}
            _ => {
                if let Some(value) = values.next() {
                    field.set_value(value);
                }
            }
        }
    }
}
