#include "hearth/credential.hpp"

#include <algorithm>
#include <string_view>

#include "core/try.hpp"
#include "core/url.hpp"

namespace hearth {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_name(std::string_view left, std::string_view right) {
    return std::ranges::equal(left, right, {}, lower, lower);
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text;
}

bool listed(std::string_view list, std::string_view item) {
    while (!list.empty()) {
        const auto end = std::min(list.find(','), list.size());
        if (trimmed(list.substr(0, end)) == item) return true;
        list.remove_prefix(std::min(end + 1, list.size()));
    }
    return false;
}

void apply(const HeaderRule& rule, std::vector<Header>& headers) {
    const auto found = std::ranges::find_if(
        headers, [&](const Header& one) { return same_name(one.name, rule.name); });
    if (found == headers.end()) {
        headers.push_back({rule.name, rule.value});
    } else if (rule.merge == HeaderRule::Merge::append_list && !listed(found->value, rule.value)) {
        found->value += found->value.empty() ? rule.value : "," + rule.value;
    }
}

}  // namespace

Result<> Credential::authorize(Request& request) const {
    const auto url = HEARTH_TRY(Url::parse(request.url));
    if (!url.secure() && !url.loopback()) {
        return std::unexpected(Error{Remedy::refused,
                                     "a credential does not go over plain http to " + url.host(),
                                     "use https; plain http is for loopback only"});
    }
    std::erase_if(request.headers, [](const Header& one) {
        return same_name(one.name, "authorization") || same_name(one.name, "x-api-key");
    });
    const auto token = parts_.token.reveal();
    if (parts_.kind == Kind::bearer)
        request.headers.push_back({"Authorization", "Bearer " + std::string(token)});
    if (parts_.kind == Kind::api_key) request.headers.push_back({"x-api-key", std::string(token)});
    for (const auto& rule : parts_.headers) apply(rule, request.headers);
    if (parts_.kind == Kind::aws) return parts_.signer->sign(request, *parts_.aws);
    return {};
}

Result<Secret> Credential::bearer() const {
    if (parts_.kind == Kind::bearer) return parts_.token.clone();
    if (parts_.kind == Kind::aws) return parts_.signer->bearer(*parts_.aws);
    return std::unexpected(Error{Remedy::usage, parts_.profile + " has an API key, and no token",
                                 "it goes into the x-api-key header: hearth headers"});
}

Result<std::vector<Header>> Credential::headers(const std::string& method,
                                                const std::string& url) const {
    Request request{.method = method, .url = url, .headers = {}};
    HEARTH_CHECK(authorize(request));
    return std::move(request.headers);
}

}  // namespace hearth
