#include "providers/claude/profile_reply.hpp"

#include <initializer_list>
#include <string_view>

#include "oauth/endpoint.hpp"

namespace hearth::providers::claude {
namespace {

struct Place {
    std::string_view object;  // Empty: the reply itself.
    std::string_view member;
};

std::string first_of(const json::Document& reply, std::initializer_list<Place> places) {
    for (const auto& place : places) {
        const auto object = place.object.empty() ? reply : reply.object(place.object);
        auto text = oauth::printable(object.text(place.member), 256);
        if (!text.empty()) return text;
    }
    return {};
}

}  // namespace

Account account_in_token_reply(const json::Document& reply) {
    return {
        .subject = first_of(reply, {{"account", "uuid"}}),
        .email = first_of(reply, {{"account", "email_address"}}),
        .name = {},
        .organization_id = first_of(reply, {{"organization", "uuid"}}),
        .organization_name = first_of(reply, {{"organization", "name"}}),
        .workspace_id = first_of(reply, {{"workspace", "id"}}),
        .workspace_name = first_of(reply, {{"workspace", "name"}}),
        .plan = {},
    };
}

void move_organization(Account& account, const Account& told) {
    if (told.organization_id.empty() || told.organization_id == account.organization_id) return;
    account.organization_id = told.organization_id;
    account.organization_name = told.organization_name;
    account.workspace_id = told.workspace_id;
    account.workspace_name = told.workspace_name;
}

void add_profile_reply(Account& account, const json::Document& reply) {
    const auto fill = [](std::string& field, std::string text) {
        if (field.empty()) field = std::move(text);
    };
    fill(account.subject, first_of(reply, {{"account", "uuid"}}));
    fill(account.email, first_of(reply, {{"account", "email"}, {"account", "email_address"}}));
    fill(account.name,
         first_of(reply,
                  {{"account", "full_name"}, {"account", "display_name"}, {"account", "name"}}));
    fill(account.organization_id, first_of(reply, {{"organization", "uuid"}}));
    fill(account.organization_name, first_of(reply, {{"organization", "name"}}));
    fill(account.plan, first_of(reply, {{"organization", "organization_type"},
                                        {"organization", "subscription_type"},
                                        {"account", "subscription_type"},
                                        {"", "subscription_type"},
                                        {"", "plan"}}));
}

std::vector<Fact> facts_in_profile_reply(const json::Document& reply) {
    Account account;
    add_profile_reply(account, reply);
    std::vector<Fact> facts;
    const auto add = [&](std::string_view name, std::string value) {
        if (!value.empty()) facts.push_back({std::string(name), std::move(value)});
    };
    add("email", account.email);
    add("name", account.name);
    add("account", account.subject);
    add("organization", account.organization_name);
    add("organization id", account.organization_id);
    add("plan", account.plan);
    add("rate limit tier",
        first_of(reply, {{"organization", "rate_limit_tier"}, {"", "rate_limit_tier"}}));
    return facts;
}

}  // namespace hearth::providers::claude
