#include "cli/import_taking.hpp"

#include <algorithm>
#include <array>

#include "core/try.hpp"

namespace hearth::cli {
namespace {

using importing::Offer;
using Settings = std::vector<std::pair<std::string, std::string>>;

// By these a session belongs to one profile and not to another.
constexpr std::array<std::string_view, 4> telling{"issuer", "client_id", "base_url", "console_url"};

std::string value_in(const Settings& settings, std::string_view key) {
    const auto found = std::ranges::find(settings, key, &Settings::value_type::first);
    return found == settings.end() ? std::string() : found->second;
}

Error taken(const std::string& name) {
    return {Remedy::usage, "there is another profile that is called '" + name + "'",
            "hearth import SOURCE --as NAME"};
}

// Whether a profile of that name is there. An error where it is one that this does not belong to.
Result<bool> is_there(Client& client, const Offer& offer, const std::string& name) {
    Request list("profile_list");
    const auto known = HEARTH_TRY(client.ask(list));
    const auto profiles = known.body["profiles"].items();
    const auto named = [&](const JsonView& profile) { return profile["name"].text() == name; };
    if (std::ranges::none_of(profiles, named)) return false;
    Request show("profile_show");
    show.text("name", name);
    const auto shown = HEARTH_TRY(client.ask(show));
    Settings settings;
    for (const auto& setting : shown.body["settings"].items()) {
        const auto parts = setting.items();
        if (parts.size() == 2) settings.emplace_back(parts[0].text(), parts[1].text());
    }
    const bool same = value_in(settings, "provider") == offer.provider &&
                      std::ranges::all_of(telling, [&](std::string_view key) {
                          return value_in(settings, key) == value_in(offer.settings, key);
                      });
    // Keys have no account by which the one that is there could be told from this one.
    const bool has_key = !shown.body["fingerprint"].text().empty();
    if (has_key || !same) return std::unexpected(taken(name));
    return true;
}

Request login_with(const Secret& key, const std::string& name) {
    Request request("login");
    request.text("profile", name).flag("open", false).secret("key", key);
    return request;
}

Request import_of(const importing::Finding& finding, const Offer& offer, const std::string& name) {
    Request request("import");
    JsonLine account;
    account.text("email", offer.account.email);
    account.text("organization_id", offer.account.organization_id);
    account.text("organization_name", offer.account.organization_name);
    account.text("workspace_id", offer.account.workspace_id);
    account.text("workspace_name", offer.account.workspace_name);
    request.text("profile", name).text("scopes", offer.scopes);
    request.json("account", std::string(account.head()) + "}");
    if (finding.expires_at) request.text("expires_at", to_rfc3339(*finding.expires_at));
    if (offer.access_token) request.secret("access_token", *offer.access_token);
    if (offer.client_secret) request.secret("client_secret", *offer.client_secret);
    if (offer.refresh_token) request.secret("refresh_token", *offer.refresh_token);
    return request;
}

void remove_profile(Client& client, const std::string& name) {
    Request request("profile_remove");
    request.text("name", name);
    [[maybe_unused]] const auto removed = client.ask(request);
}

// What the agent answers to; an error where what was kept is of no use.
Result<Message> kept(Client& client, const importing::Finding& finding, const Offer& offer,
                     const std::string& name) {
    auto request = offer.key ? login_with(*offer.key, name) : import_of(finding, offer, name);
    auto answer = HEARTH_TRY(client.ask(request));
    if (answer.body["remedy"].text() != "sign_in") return answer;
    return std::unexpected(Error{
        Remedy::sign_in,
        "the provider does not take its refresh token any more: " + answer.body["problem"].text(),
        "sign in to hearth instead"});
}

// With these settings, where the profile has to be made.
Result<Message> attempt(Client& client, const importing::Finding& finding, const Offer& offer,
                        const std::string& name, const Settings& settings) {
    const bool there = HEARTH_TRY(is_there(client, offer, name));
    if (!there) {
        Request add("profile_add");
        add.text("name", name).text("provider", offer.provider).pairs("settings", settings);
        HEARTH_TRY(client.ask(add));
    }
    auto answer = kept(client, finding, offer, name);
    if (!answer && !there) remove_profile(client, name);
    return answer;
}

// Some tools write an issuer with a slash at its end that the server does not have, or without one
// that it has; hearth wants it exactly.
Settings with_other_slash(Settings settings) {
    const auto issuer = std::ranges::find(settings, "issuer", &Settings::value_type::first);
    if (issuer == settings.end()) return settings;
    if (issuer->second.ends_with('/')) {
        issuer->second.pop_back();
    } else {
        issuer->second += '/';
    }
    return settings;
}

}  // namespace

Imported take(Client& client, const importing::Finding& finding, const importing::Offer& offer) {
    Imported imported{.finding = &finding, .profile = finding.name};
    auto answer = attempt(client, finding, offer, finding.name, offer.settings);
    if (!answer && answer.error().remedy == Remedy::refused) {
        const auto other = with_other_slash(offer.settings);
        if (other != offer.settings) {
            if (auto again = attempt(client, finding, offer, finding.name, other))
                answer = std::move(again);
        }
    }
    if (!answer) {
        imported.failure = std::move(answer).error();
        return imported;
    }
    imported.account = answer->body["account"].text();
    imported.problem = answer->body["problem"].text();
    return imported;
}

}  // namespace hearth::cli
