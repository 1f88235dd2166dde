//! The repository itself and its switch for immutable releases.

use serde_json::{Value, json};

use super::answer::{self, Outcome, Refusal};
use super::dispatch::Ask;
use super::render::node;
use super::tokens::{Access, Caller, Github};

/// Addresses that only have another last part.
const PLAIN: [(&str, &str); 24] = [
    ("assignees_url", "assignees{/user}"),
    ("branches_url", "branches{/branch}"),
    ("collaborators_url", "collaborators{/collaborator}"),
    ("comments_url", "comments{/number}"),
    ("commits_url", "commits{/sha}"),
    ("compare_url", "compare/{base}...{head}"),
    ("contents_url", "contents/{+path}"),
    ("issue_comment_url", "issues/comments{/number}"),
    ("issue_events_url", "issues/events{/number}"),
    ("issues_url", "issues{/number}"),
    ("keys_url", "keys{/key_id}"),
    ("labels_url", "labels{/name}"),
    ("milestones_url", "milestones{/number}"),
    ("notifications_url", "notifications{?since,all,participating}"),
    ("pulls_url", "pulls{/number}"),
    ("releases_url", "releases{/id}"),
    ("statuses_url", "statuses/{sha}"),
    ("trees_url", "git/trees{/sha}"),
    ("archive_url", "{archive_format}{/ref}"),
    ("blobs_url", "git/blobs{/sha}"),
    ("git_commits_url", "git/commits{/sha}"),
    ("git_refs_url", "git/refs{/sha}"),
    ("git_tags_url", "git/tags{/sha}"),
    ("subscription_url", "subscription"),
];

/// Addresses whose last part is in their own name.
const NAMED: [&str; 11] = [
    "contributors",
    "deployments",
    "downloads",
    "events",
    "forks",
    "hooks",
    "languages",
    "merges",
    "stargazers",
    "subscribers",
    "tags",
];

pub(super) fn show(ask: &Ask<'_>, github: &mut Github) -> Outcome {
    let repository = ask.repository(github)?.clone();
    let full = &repository.name;
    let (owner, name) = full.split_once('/').unwrap_or((full, full));
    let api = ask.target.addresses.repository(full);
    let html = format!("{}/{full}", ask.target.addresses.html());
    let when = "2026-01-01T00:00:00Z";
    let mut value = json!({
        "id": repository.id,
        "node_id": node("R", repository.id),
        "name": name,
        "full_name": full,
        "private": repository.private,
        "owner": ask.renderer(github).person(owner),
        "html_url": html,
        "description": null,
        "fork": false,
        "url": api,
        "created_at": when,
        "updated_at": when,
        "pushed_at": when,
        "git_url": format!("{}.git", html.replacen("http", "git", 1)),
        "ssh_url": format!("git@127.0.0.1:{full}.git"),
        "clone_url": format!("{html}.git"),
        "svn_url": html,
        "mirror_url": null,
        "homepage": null,
        "size": 0,
        "language": null,
        "default_branch": "main",
        "visibility": if repository.private { "private" } else { "public" },
        "license": null,
        "topics": [],
        "teams_url": format!("{api}/teams"),
    });
    for (key, rest) in PLAIN {
        value[key] = json!(format!("{api}/{rest}"));
    }
    for rest in NAMED {
        value[format!("{rest}_url")] = json!(format!("{api}/{rest}"));
    }
    for count in ["stargazers", "watchers", "forks", "open_issues", "network", "subscribers"] {
        value[format!("{count}_count")] = json!(0);
    }
    for count in ["forks", "open_issues", "watchers"] {
        value[count] = json!(0);
    }
    for (flag, on) in [
        ("archived", false),
        ("disabled", false),
        ("has_discussions", false),
        ("has_downloads", true),
        ("has_issues", true),
        ("has_pages", false),
        ("has_projects", false),
        ("has_wiki", false),
        ("is_template", false),
    ] {
        value[flag] = json!(on);
    }
    if let Some(permissions) = permissions(ask) {
        value["permissions"] = permissions;
    }
    Ok(answer::of(200, &value))
}

/// Only shown to whoever is signed in.
fn permissions(ask: &Ask<'_>) -> Option<Value> {
    let write = ask.access == Access::Write;
    (ask.caller != Caller::Anonymous)
        .then(|| json!({"admin": false, "maintain": false, "push": write, "triage": write, "pull": true}))
}

/// 404 while the switch is off, also for those who may not look at it.
pub(super) fn immutable(ask: &Ask<'_>, github: &mut Github) -> Outcome {
    let on = ask.repository(github)?.immutable;
    if !on || ask.caller == Caller::Anonymous {
        return Err(Refusal::NotFound);
    }
    Ok(answer::of(200, &json!({"enabled": true, "enforced_by_owner": false})))
}
