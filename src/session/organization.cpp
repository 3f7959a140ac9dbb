#include "session/organization.hpp"

#include <algorithm>

namespace hearth::session {
namespace {

std::string required(const Profile& profile) {
    std::string list;
    for (const auto& one : profile.required_organizations)
        list += (list.empty() ? "" : " or ") + one;
    return "'" + profile.name.text() + "' requires the organisation " + list;
}

std::string named(const Account& account) {
    if (account.organization_name.empty()) return account.organization_id;
    return account.organization_name + " (" + account.organization_id + ")";
}

}  // namespace

Result<> organization_allowed(const Profile& profile, const Account& account) {
    const auto& allowed = profile.required_organizations;
    if (allowed.empty()) return {};
    if (std::ranges::find(allowed, account.organization_id) != allowed.end()) return {};
    const bool known = !account.organization_id.empty();
    return std::unexpected(
        Error{Remedy::refused,
              required(profile) + ", and " +
                  (known ? "this session is of " + named(account)
                         : "nothing says which one this credential is of"),
              "hearth login " + profile.name.text() +
                  " --switch, and choose that organisation; or change require_organization"});
}

Result<> organization_allowed(const Profile& profile, std::string_view source) {
    if (profile.required_organizations.empty()) return {};
    return std::unexpected(
        Error{Remedy::refused,
              required(profile) + ", and nothing says which one the credential of " +
                  std::string(source) + " is of",
              "leave " + std::string(source) + " out, or change require_organization"});
}

}  // namespace hearth::session
