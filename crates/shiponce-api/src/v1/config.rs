//! `config show`: every value and where it came from, every host that would be contacted.

use serde::{Deserialize, Serialize};

/// The document of `config show --json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfigDocument {
    /// Every value, in the order of the reference.
    pub values: Vec<ConfigRow>,
    /// Every host that a release with this configuration contacts.
    pub hosts: Vec<HostRow>,
}

/// One value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfigRow {
    /// The dotted key, such as `index.company.upload`.
    pub key: String,
    /// The value as text; secrets are only ever `set`.
    pub value: String,
    /// Where it came from, such as `default`, `shiponce.toml:3` or `environment PYPI_TOKEN`.
    pub source: String,
}

/// One host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostRow {
    /// The host, with its port when that is not the usual one.
    pub host: String,
    /// What it is contacted for.
    pub purpose: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::v1::to_text;

    #[test]
    fn values_and_hosts() {
        let document = ConfigDocument {
            values: vec![ConfigRow {
                key: "index.company.required".to_owned(),
                value: "true".to_owned(),
                source: "default".to_owned(),
            }],
            hosts: vec![HostRow {
                host: "packages.example".to_owned(),
                purpose: "upload to company".to_owned(),
            }],
        };
        insta::assert_snapshot!(to_text(&document).unwrap(), @r#"
        {
          "values": [
            {
              "key": "index.company.required",
              "value": "true",
              "source": "default"
            }
          ],
          "hosts": [
            {
              "host": "packages.example",
              "purpose": "upload to company"
            }
          ]
        }
        "#);
    }
}
