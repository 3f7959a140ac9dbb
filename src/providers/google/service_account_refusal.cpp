#include "providers/google/service_account_refusal.hpp"

#include "oauth/endpoint.hpp"

namespace hearth::providers::google {
namespace {

constexpr std::size_t longest_name = 120;

std::string named(const std::string& name) { return oauth::printable(name, longest_name); }

// What is wrong and what to do, behind what was answered.
Error with(const Refusal& refusal, Remedy remedy, const std::string& what, std::string hint) {
    return Error{remedy, refusal.shown() + (what.empty() ? "" : "; " + what), std::move(hint)};
}

Error about_grant(const Refusal& refusal, const ServiceAccount& account, const Wanted& wanted,
                  const std::string& place) {
    const auto email = named(account.client_email);
    if (refusal.says("signature"))
        return with(refusal, Remedy::failed,
                    "the key " + named(account.private_key_id) + " of " + email +
                        " is deleted, disabled or not the account's",
                    "make a new JSON key in Google's console and put it in place of " + place);
    if (refusal.says("account not found"))
        return with(refusal, Remedy::failed, "there is no service account " + email + " (any more)",
                    "look it up in Google's console under IAM, and get a key of one that is there");
    if (refusal.says("disabled"))
        return with(refusal, Remedy::failed, "the service account " + email + " is disabled",
                    "enable it: gcloud iam service-accounts enable " + email);
    if (!wanted.subject.empty() && (refusal.says("email") || refusal.says("user")))
        return with(refusal, Remedy::usage,
                    named(wanted.subject) + " is nobody whom the account may act for",
                    "check subject in the profile");
    return with(refusal, Remedy::failed, "", "check " + place + ", or make a new key");
}

}  // namespace

Error refusal_of_account(const Refusal& refusal, const ServiceAccount& account,
                         const Wanted& wanted, const std::string& place) {
    const auto& code = refusal.code;
    if (code == "invalid_grant") return about_grant(refusal, account, wanted, place);
    const bool unauthorized = code == "unauthorized_client" || code == "access_denied";
    if (unauthorized && !wanted.subject.empty())
        return with(refusal, Remedy::failed,
                    named(account.client_email) + " may not act for " + named(wanted.subject) +
                        " with these scopes",
                    "have an administrator of the domain delegate these scopes to the account's "
                    "client ID (domain-wide delegation), or take subject out of the profile");
    if (unauthorized)
        return with(refusal, Remedy::failed,
                    named(account.client_email) + " may not have tokens with these scopes",
                    "check scopes in the profile; scopes of a person's data need subject");
    if (code == "invalid_scope")
        return with(refusal, Remedy::usage, "", "check scopes in the profile");
    if (code == "invalid_client")
        return with(refusal, Remedy::failed, "", "check client_email and token_uri in " + place);
    return with(refusal, Remedy::failed, "", "");
}

}  // namespace hearth::providers::google
