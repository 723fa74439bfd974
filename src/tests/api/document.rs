//! The document: it says of the API what is so, and nothing else.

use super::Program;
use crate::support::browser::Browser;
use crate::support::databases::both;
use crate::support::site::TestSite;
use serde_json::Value;
use std::collections::BTreeSet;
use usher::server::http::routes::{Does, Door, table};

async fn document(site: &TestSite) -> Value {
    let token = site.give_token(&site.anna).await;
    Program::new(&Browser::new(&site.app), &token).read("/api/v1/openapi.json").await
}

/// Every place to which something refers.
fn references(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                match field {
                    Value::String(to) if name == "$ref" => drop(found.insert(to.clone())),
                    field => references(field, found),
                }
            }
        }
        Value::Array(all) => all.iter().for_each(|one| references(one, found)),
        _ => {}
    }
}

#[tokio::test]
async fn the_document_is_the_one_that_was_reviewed_and_names_every_route() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let document = document(&site).await;
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true, snapshot_path => "../snapshots" }, {
            insta::assert_snapshot!("openapi", serde_json::to_string_pretty(&document).expect("JSON"));
        });
        let is_of_api = |does: &Does| *does == Does::Door(Door::Token);
        let routes = table().iter().filter(|(_, methods)| methods.iter().any(|(_, does)| is_of_api(does)));
        // Below these there is nothing.
        let nothing = ["/api/v1", "/api/v1/", "/api/v1/{*rest}"];
        let routes: BTreeSet<(String, String)> = routes
            .filter(|(path, _)| !nothing.contains(&path.as_str()))
            .flat_map(|(path, methods)| {
                methods.iter().map(|(method, _)| (path.clone(), method.as_str().to_lowercase()))
            })
            .collect();
        let described: BTreeSet<(String, String)> = document["paths"]
            .as_object()
            .expect("paths")
            .iter()
            .flat_map(|(path, methods)| {
                methods.as_object().expect("methods").keys().map(|method| (path.clone(), method.clone()))
            })
            .collect();
        assert_eq!(routes, described);
        assert_eq!(document["openapi"], "3.1.0");
        let mut found = BTreeSet::new();
        references(&document, &mut found);
        assert!(found.len() >= 6, "{found:?}");
        for to in &found {
            let pointer = to.strip_prefix('#').expect("within the document");
            assert!(document.pointer(pointer).is_some_and(Value::is_object), "{to}");
        }
        let schemas = document["components"]["schemas"].as_object().expect("schemas");
        let named: BTreeSet<String> = schemas.keys().map(|name| format!("#/components/schemas/{name}")).collect();
        assert_eq!(named, found, "each schema is used");
        assert_eq!(document["components"]["securitySchemes"]["token"]["scheme"], "bearer");
        assert_eq!(document["security"][0]["token"], serde_json::json!([]));
    })
    .await;
}

/// What is read has the fields that the document names, all of them, and no other.
#[tokio::test]
async fn what_is_read_is_as_the_document_says() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        site.invite("Olga", "olga@acme.by").await;
        let document = document(&site).await;
        let mut program = Program::new(&Browser::new(&site.app), &site.give_token(&site.anna).await);
        let page = program.read("/api/v1/users").await;
        check(&document, "UserPage", &page);
        let problem: Value = serde_json::from_slice(&program.get("/api/v1/users?x=y").await.body).expect("JSON");
        check(&document, "Problem", &problem);
    })
    .await;
}

fn check(document: &Value, schema: &str, value: &Value) {
    let schema = &document["components"]["schemas"][schema];
    let Some(fields) = schema["properties"].as_object() else {
        let codes = schema["enum"].as_array().expect("codes");
        assert!(codes.contains(value), "{value} of {codes:?}");
        return;
    };
    let found: BTreeSet<&String> = value.as_object().expect("an object").keys().collect();
    assert_eq!(found, fields.keys().collect::<BTreeSet<_>>());
    for (name, field) in fields {
        let named = |field: &Value| field["$ref"].as_str().and_then(|to| to.rsplit('/').next()).map(String::from);
        let inner = &value[name];
        if let Some(schema) = named(field) {
            check(document, &schema, inner);
        } else if let (Some(schema), Some(all)) = (named(&field["items"]), inner.as_array()) {
            all.iter().for_each(|one| check(document, &schema, one));
        } else {
            let kind = match inner {
                Value::Null => "null",
                Value::String(_) => "string",
                Value::Bool(_) => "boolean",
                Value::Number(_) => "integer",
                Value::Array(_) => "array",
                Value::Object(_) => "object",
            };
            let kinds = &field["type"];
            let is_one = kinds == kind || kinds.as_array().is_some_and(|kinds| kinds.contains(&Value::from(kind)));
            assert!(is_one, "{name}: {kind} of {kinds}");
        }
    }
}
