//! How NuGet answers: a service index, and storage that refuses in XML (NuGet/NuGetGallery issues 9105 and 9600, read
//! 2026-11-21).

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use serde_json::json;
use wiremock::ResponseTemplate;

use crate::model::Registry;
use crate::registry::testing::ladder::{Part, Served, Subject, Whose};

pub(in crate::registry) const SUBJECT: Subject = Subject {
    registry: Registry::Nuget,
    name: "Acme.Widgets",
    token: "nuget-takes-none",
    serves: |base, whose| {
        let mut serves = vec![Served(Part::Public, "/nuget/v3/index.json".to_owned(), index(base))];
        if whose != Whose::Nobodys {
            let versions = ResponseTemplate::new(200).set_body_json(json!({"versions": ["1.0.0", "1.2.0"]}));
            let at = "/nuget/v3-flatcontainer/acme.widgets/index.json";
            serves.push(Served(Part::Public, at.to_owned(), versions));
        }
        serves
    },
    refusal: |status| {
        let code = if status == 404 { "BlobNotFound" } else { "Odd" };
        let error = format!("<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>{code}</Code></Error>");
        ResponseTemplate::new(status).set_body_raw(error, "application/xml")
    },
};

fn index(base: &str) -> ResponseTemplate {
    let packages = json!({"@id": format!("{base}/nuget/v3-flatcontainer/"), "@type": "PackageBaseAddress/3.0.0"});
    ResponseTemplate::new(200).set_body_json(json!({"version": "3.0.0", "resources": [packages]}))
}
