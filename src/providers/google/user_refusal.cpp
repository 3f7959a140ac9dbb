#include <algorithm>
#include <string>

#include "providers/google/authorized_user.hpp"

namespace hearth::providers::google {
namespace {

std::string answered(std::string_view code, std::string_view subtype,
                     std::string_view description) {
    std::string text(code);
    if (!subtype.empty()) text += ", " + std::string(subtype);
    if (!description.empty()) text += ": " + std::string(description);
    return " (" + text + ")";
}

bool says(std::string_view text, std::string_view lower_case) {
    const auto same = [](char left, char right) {
        return (left >= 'A' && left <= 'Z' ? static_cast<char>(left - 'A' + 'a') : left) == right;
    };
    return !std::ranges::search(text, lower_case, same).empty();
}

std::string_view dead_grant(std::string_view subtype, std::string_view description) {
    if (subtype == "invalid_rapt" || subtype == "rapt_required")
        return "Google wants the person to prove anew who they are, as the organisation's session "
               "length says";
    if (says(description, "deleted")) return "the account is deleted";
    if (says(description, "disabled")) return "the account is disabled";
    return "the sign-in has expired or was revoked";
}

}  // namespace

Error refusal_of_user(std::string_view code, std::string_view subtype, std::string_view description,
                      std::string_view sign_in) {
    const auto said = answered(code, subtype, description);
    const auto error = [&](Remedy remedy, std::string_view what, std::string_view hint) {
        return Error{remedy, std::string(what) + said, std::string(hint)};
    };
    if (code == "invalid_grant")
        return error(Remedy::sign_in, dead_grant(subtype, description), sign_in);
    if (code == "invalid_client" || code == "deleted_client")
        return error(Remedy::usage, "the OAuth client is not known, or its secret is another one",
                     "check the OAuth client in Google's console, and sign in anew with one that "
                     "is there");
    if (code == "unauthorized_client")
        return error(Remedy::usage, "the refresh token was issued to another OAuth client",
                     "sign in anew with this client");
    if (code == "invalid_scope")
        return error(Remedy::usage, "the person did not agree to these scopes",
                     "check scopes in the profile, or sign in anew with them");
    if (code == "admin_policy_enforced" || code == "org_internal" || code == "access_denied")
        return error(Remedy::failed, "the organisation does not allow this OAuth client",
                     "ask its administrator to trust the client");
    return error(Remedy::failed, "the refresh token is refused", "");
}

}  // namespace hearth::providers::google
