//! Pages as a simple browser reads them: the forms with their fields and values, tags, text. Crude on purpose, and enough
//! for the pages that we write.

/// A form of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    pub action: String,
    pub method: String,
    /// Names and values as they stand in the page.
    pub fields: Vec<(String, String)>,
    /// What its buttons add, each when it is the one that is pressed.
    pub buttons: Vec<(String, String)>,
    /// What its boxes add that are not ticked, and whether each must be.
    pub unticked: Vec<(String, String, bool)>,
}

impl Form {
    /// The form with another value in a field that it has.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        let has = self.fields.iter().any(|(field, _)| field == name);
        assert!(has, "{} has no field {name}: {:?}", self.action, self.fields);
        self.fields.retain(|(field, _)| field != name);
        self.fields.push((name.into(), value.into()));
        self
    }

    /// The form with a box ticked that is not.
    pub fn ticked(mut self, name: &str) -> Self {
        let found = self.unticked.iter().find(|(field, ..)| field == name).cloned();
        let (name, value, _) = found.unwrap_or_else(|| panic!("{} has no empty box {name}", self.action));
        self.fields.push((name, value));
        self
    }

    /// The form with every box ticked without which nobody goes on.
    pub fn with_what_must_be_ticked(self) -> Self {
        let must: Vec<String> =
            self.unticked.iter().filter(|(.., must)| *must).map(|(name, ..)| name.clone()).collect();
        must.iter().fold(self, |form, name| form.ticked(name))
    }

    /// The form as the button sends it that has this name.
    pub fn pressed(mut self, name: &str) -> Self {
        let found = self.buttons.iter().find(|(button, _)| button == name).cloned();
        self.fields.push(found.unwrap_or_else(|| panic!("{} has no button {name}: {:?}", self.action, self.buttons)));
        self
    }

    /// The fields as `Browser::post_form` takes them.
    pub fn pairs(&self) -> Vec<(&str, &str)> {
        self.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
    }

    /// The form as it is sent by each of its buttons, and by none of those that have a name.
    pub fn presses(&self) -> Vec<Vec<(&str, &str)>> {
        let buttons = self.buttons.iter().map(|(name, value)| {
            let mut pairs = self.pairs();
            pairs.push((name, value));
            pairs
        });
        std::iter::once(self.pairs()).chain(buttons).collect()
    }

    pub fn value(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str())
    }
}

/// A tag with its attributes, undone.
#[derive(Clone, Debug)]
pub struct Tag {
    pub name: String,
    pub attributes: Vec<(String, String)>,
    /// Where what follows it begins.
    pub end: usize,
}

impl Tag {
    pub fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(attribute, _)| attribute == name).map(|(_, value)| value.as_str())
    }
}

/// A page, or what a page is made of, without how long a session and a link still work: a second may pass between two looks.
pub fn without_the_clock(text: &str) -> String {
    const SESSION: &str = "seconds_left\\\":";
    const LINK: &str = " hours left";
    let is_digit = |letter: char| letter.is_ascii_digit();
    let text: Vec<&str> = text.split(SESSION).map(|part| part.trim_start_matches(is_digit)).collect();
    let text = text.join(SESSION);
    let text: Vec<&str> = text.split(LINK).map(|part| part.trim_end_matches(is_digit)).collect();
    text.join(LINK)
}

/// All opening and closing tags (`form`, `/form`), in order; what stands inside scripts is text.
pub fn tags(html: &str) -> Vec<Tag> {
    let mut tags = Vec::new();
    let mut at = 0;
    while let Some(start) = html[at..].find('<').map(|found| at + found) {
        let rest = &html[start + 1..];
        if rest.starts_with("!--") {
            at = start + rest.find("-->").map_or(html.len() - start, |end| end + 4);
            continue;
        }
        if !rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/') {
            at = start + 1;
            continue;
        }
        let tag = read_tag(html, start + 1);
        at = tag.end;
        if tag.name == "script" || tag.name == "style" {
            let close = format!("</{}", tag.name);
            at = html[at..].find(&close).map_or(html.len(), |end| at + end);
        }
        tags.push(tag);
    }
    tags
}

fn read_tag(html: &str, start: usize) -> Tag {
    let bytes = html.as_bytes();
    let is_space = |at: usize| bytes[at].is_ascii_whitespace();
    let mut at = start;
    while at < bytes.len() && !is_space(at) && bytes[at] != b'>' {
        at += 1;
    }
    let name = html[start..at].trim_end_matches('/').to_ascii_lowercase();
    let mut attributes = Vec::new();
    while at < bytes.len() && bytes[at] != b'>' {
        if is_space(at) || bytes[at] == b'/' {
            at += 1;
            continue;
        }
        let from = at;
        while at < bytes.len() && !is_space(at) && !matches!(bytes[at], b'=' | b'>') {
            at += 1;
        }
        let attribute = html[from..at].to_ascii_lowercase();
        let mut value = "";
        if bytes.get(at) == Some(&b'=') {
            let quote = bytes.get(at + 1).copied().unwrap_or(b'>');
            if matches!(quote, b'"' | b'\'') {
                let end = html[at + 2..].find(quote as char).map_or(html.len(), |end| at + 2 + end);
                value = &html[at + 2..end];
                at = (end + 1).min(html.len());
            } else {
                let from = at + 1;
                at = from;
                while at < bytes.len() && !is_space(at) && bytes[at] != b'>' {
                    at += 1;
                }
                value = &html[from..at];
            }
        }
        attributes.push((attribute, unescape(value)));
    }
    Tag { name, attributes, end: (at + 1).min(html.len()) }
}

/// Undoes what an attribute or a text escapes.
pub fn unescape(text: &str) -> String {
    let known = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#x27;", "'"),
        ("&#39;", "'"),
        ("&#x2F;", "/"),
        ("&#x2f;", "/"),
    ];
    let plain = known.iter().fold(text.to_string(), |text, (code, letter)| text.replace(code, letter));
    plain.replace("&amp;", "&")
}

/// A choice whose options are being read; several of one form may have the same name.
#[derive(Default)]
struct Select {
    name: String,
    chosen_at: Option<usize>,
}

/// The forms of a page, filled in as it stands.
pub fn forms(html: &str) -> Vec<Form> {
    let mut forms: Vec<Form> = Vec::new();
    let mut is_open = false;
    let mut select = Select::default();
    for tag in tags(html) {
        if tag.name == "form" {
            is_open = true;
            forms.push(Form {
                action: tag.get("action").unwrap_or_default().into(),
                method: tag.get("method").unwrap_or("get").to_ascii_lowercase(),
                fields: Vec::new(),
                buttons: Vec::new(),
                unticked: Vec::new(),
            });
            continue;
        }
        is_open &= tag.name != "/form";
        let Some(form) = forms.last_mut().filter(|_| is_open) else { continue };
        let is_off = tag.get("disabled").is_some();
        let name = tag.get("name").unwrap_or_default().to_string();
        match tag.name.as_str() {
            "button" if !name.is_empty() && !is_off && tag.get("type") != Some("button") => {
                form.buttons.push((name, tag.get("value").unwrap_or_default().into()));
            }
            "input" | "textarea" if !name.is_empty() && !is_off => {
                let is_box = matches!(tag.get("type").unwrap_or_default(), "checkbox" | "radio");
                if is_box && tag.get("checked").is_none() {
                    let value = tag.get("value").unwrap_or("on").into();
                    form.unticked.push((name, value, tag.get("required").is_some()));
                    continue;
                }
                let value = match tag.name.as_str() {
                    "textarea" => unescape(html[tag.end..].split('<').next().unwrap_or_default()),
                    _ => tag.get("value").unwrap_or(if is_box { "on" } else { "" }).into(),
                };
                form.fields.push((name, value));
            }
            "select" => select = Select { name: if is_off { String::new() } else { name }, chosen_at: None },
            "option" if !select.name.is_empty() => {
                let value = String::from(tag.get("value").unwrap_or_default());
                match select.chosen_at.and_then(|at| form.fields.get_mut(at)) {
                    None => {
                        select.chosen_at = Some(form.fields.len());
                        form.fields.push((select.name.clone(), value));
                    }
                    Some((_, chosen)) if tag.get("selected").is_some() => *chosen = value,
                    Some(_) => {}
                }
            }
            "/select" => select = Select::default(),
            _ => {}
        }
    }
    forms
}

/// The form of a page that is sent to this path.
pub fn form_to(html: &str, action: &str) -> Form {
    let all = forms(html);
    let found = all.iter().find(|form| form.action == action).cloned();
    found.unwrap_or_else(|| {
        panic!("no form to {action} among {:?} in\n{html}", all.iter().map(|form| &form.action).collect::<Vec<_>>())
    })
}

#[test]
fn forms_are_read_as_a_browser_would_fill_them_in() {
    let html = "<form method='post' action=\"/a?b=1&amp;c\"><input name=\"x\" value=\"&lt;y&gt;\"><input type=checkbox name=k checked>\
                <input type=\"checkbox\" name=\"off\"><textarea name=\"t\">a &amp; b</textarea><select name=\"s\"><option value=\"1\">\
                <option value=\"2\" selected></select><select name=\"s\"><option value=\"3\"><option value=\"4\"></select><script>\"<form action='/evil'>\"</script><button name=\"do\" value=\"it\">";
    let form = form_to(html, "/a?b=1&c");
    let pairs = [("x", "<y>"), ("k", "on"), ("t", "a & b"), ("s", "2"), ("s", "3")];
    assert_eq!((form.method.as_str(), form.pairs()), ("post", pairs.to_vec()));
    assert_eq!(form.presses(), [pairs.to_vec(), [pairs.as_slice(), &[("do", "it")]].concat()]);
    assert_eq!(forms(html).len(), 1);
}
