#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <charconv>

#include "sandbox/account.hpp"
#include "sandbox/aws_answers.hpp"
#include "sandbox/aws_endpoints.hpp"
#include "sandbox/encoding.hpp"
#include "sandbox/parameters.hpp"
#include "sandbox/scopes.hpp"

namespace hearth::sandbox {

namespace {

using boost::json::array;
using boost::json::object;

constexpr seconds portal_lifetime{3600};
constexpr std::size_t usual_page = 100;

struct Assignment {
    std::string_view account;
    std::string_view name;
    std::array<std::string_view, 2> roles;  // Empty: none more.
};
constexpr std::array assignments{
    Assignment{aws_account, "Sandbox", {"Developer", "ReadOnly"}},
    Assignment{aws_second_account, "Sandbox production", {"ReadOnly", ""}},
};

const Assignment* assignment_of(std::string_view account) {
    const auto* found = std::ranges::find(assignments, account, &Assignment::account);
    return found == assignments.end() ? nullptr : found;
}

// Whose access token it is; null when it cannot be used.
const Family* signed_in(Exchange& exchange) {
    const auto& grants = exchange.state.grants;
    const auto* token =
        grants.usable(exchange.request.header("x-amz-sso_bearer_token"), exchange.now);
    if (token == nullptr || !holds(token->scopes, aws_scope)) return nullptr;
    const Family* family = grants.family(token->family);
    exchange.aws.principal = family->permission.user;
    return family;
}

Response signed_out(Exchange& exchange) {
    return aws_refusal(exchange,
                       {401, "UnauthorizedException", "Session token not found or invalid"});
}

Response invalid(Exchange& exchange, std::string why) {
    return aws_refusal(exchange, {400, "InvalidRequestException", std::move(why)});
}

Parameters query_of(const Exchange& exchange) {
    return Parameters::parse(exchange.request.query).value_or(Parameters());
}

std::size_t number_or(const std::string& text, std::size_t otherwise) {
    std::size_t number = otherwise;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

// The part of the list that next_token and max_result ask for.
object page_of(std::string_view name, const array& all, const Parameters& query) {
    const auto first = number_or(query.one("next_token"), 0);
    const auto size = std::max<std::size_t>(1, number_or(query.one("max_result"), usual_page));
    array page;
    for (std::size_t at = first; at < std::min(all.size(), first + size); ++at)
        page.push_back(all[at]);
    object answer{{name, std::move(page)}};
    if (first + size < all.size()) answer["nextToken"] = std::to_string(first + size);
    return answer;
}

}  // namespace

Response portal_accounts_endpoint(Exchange& exchange) {
    if (signed_in(exchange) == nullptr) return signed_out(exchange);
    array list;
    for (const auto& one : assignments)
        list.push_back(object{{"accountId", one.account},
                              {"accountName", one.name},
                              {"emailAddress", fmt::format("{}@example.com", one.account)}});
    return json_response(200, page_of("accountList", list, query_of(exchange)));
}

Response portal_roles_endpoint(Exchange& exchange) {
    if (signed_in(exchange) == nullptr) return signed_out(exchange);
    const auto query = query_of(exchange);
    const auto account = query.one("account_id");
    if (account.empty()) return invalid(exchange, "account_id is missing");
    const auto* assignment = assignment_of(account);
    if (assignment == nullptr)
        return aws_refusal(exchange, {403, "ForbiddenException", "No access"});
    array list;
    for (const auto role : assignment->roles)
        if (!role.empty()) list.push_back(object{{"roleName", role}, {"accountId", account}});
    return json_response(200, page_of("roleList", list, query));
}

Response portal_credentials_endpoint(Exchange& exchange) {
    const Family* family = signed_in(exchange);
    if (family == nullptr) return signed_out(exchange);
    const auto query = query_of(exchange);
    const auto account = query.one("account_id");
    const auto role = query.one("role_name");
    if (account.empty() || role.empty())
        return invalid(exchange, "account_id and role_name are needed");
    const auto* assignment = assignment_of(account);
    if (assignment == nullptr ||
        std::ranges::find(assignment->roles, role) == assignment->roles.end())
        return aws_refusal(exchange, {403, "ForbiddenException", "No access"});
    Aws& aws = exchange.state.aws;
    // Identity Center makes a role of its own in each account.
    const auto name =
        fmt::format("AWSReservedSSO_{}_{}", role, to_hex(sha256(account + role)).substr(0, 16));
    const auto& key = aws.keys.issue(role_session(account, name, family->permission.user),
                                     aws.lifetime(portal_lifetime), exchange.now);
    return json_response(
        200, {{"roleCredentials",
               {{"accessKeyId", key.id},
                {"secretAccessKey", key.secret},
                {"sessionToken", key.token},
                {"expiration", milliseconds(key.expires_at.time_since_epoch()).count()}}}});
}

Response portal_logout_endpoint(Exchange& exchange) {
    const Family* family = signed_in(exchange);
    if (family == nullptr) return signed_out(exchange);
    exchange.state.grants.revoke_family(family->id, "signed out at the portal");
    return empty_response(200);
}

}  // namespace hearth::sandbox
