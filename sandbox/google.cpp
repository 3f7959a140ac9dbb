#include "sandbox/google.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sandbox/encoding.hpp"
#include "sandbox/parameters.hpp"

namespace hearth::sandbox {

namespace {

constexpr std::string_view domain = "sandbox-project.iam.gserviceaccount.com";
// A service account's tokens are several times as long as a person's.
constexpr std::size_t short_token = 150;
constexpr std::size_t long_token = 720;

}  // namespace

std::string google_email(std::string_view name) {
    return name.contains('@') ? std::string(name) : fmt::format("{}@{}", name, domain);
}

// A chain of three: everybody may become `target` and `first`, and from `first` it goes on to
// `second` and `last`.
Google::Google(GoogleRules given)
    : rules(std::move(given)), subject_key("sandbox_subject_" + random_token(18)) {
    for (const auto* name : {"target", "first", "second", "last"}) account(name);
    account(google_instance_account);
    may_become["*"] = {google_email("target"), google_email("first")};
    may_become[google_email("first")] = {google_email("second")};
    may_become[google_email("second")] = {google_email("last")};
    may_become[google_email("last")] = {};
}

GoogleAccount& Google::account(std::string_view name, GoogleAccount::Kind kind) {
    const auto email = kind == GoogleAccount::Kind::google ? google_email(name) : std::string(name);
    auto& found = accounts[email];
    if (found.email.empty()) {
        found.kind = kind;
        found.email = email;
        found.unique_id = "1" + random_text(20, "0123456789");
    }
    return found;
}

std::string Google::issue(GoogleToken token, std::string_view kind) {
    auto text = fmt::format("ya29.{}", kind);
    text += random_token(kind.contains('.') ? long_token : short_token);
    if (kind.contains('.')) text += "......";
    tokens.emplace(text, std::move(token));
    return text;
}

const GoogleToken* Google::usable(std::string_view token, Instant now) const {
    const auto found = tokens.find(token);
    if (found == tokens.end() || found->second.revoked || now >= found->second.expires_at)
        return nullptr;
    return &found->second;
}

GoogleSignIn* Google::sign_in(std::string_view refresh_token) {
    const auto found = std::ranges::find_if(sign_ins, [&](const GoogleSignIn& one) {
        return same_text(one.refresh_token, refresh_token) || holds(one.spent, refresh_token);
    });
    return found == sign_ins.end() ? nullptr : &*found;
}

bool Google::may_impersonate(const std::string& who, const std::string& email) const {
    auto found = may_become.find(who);
    // A pool's own entry stands for all of its subjects.
    if (found == may_become.end())
        found = may_become.find(who.substr(0, std::min(who.find("/subject/"), who.size())) + "/*");
    if (found == may_become.end()) found = may_become.find("*");
    return found != may_become.end() && holds(found->second, email);
}

bool Google::exists(const std::string& principal) const {
    const auto person = people.find(principal);
    if (person != people.end()) return person->second;
    const auto found = accounts.find(principal);
    return found == accounts.end() || found->second.enabled;
}

boost::json::array Google::records_json() const {
    boost::json::array list;
    for (const auto& record : records) {
        const boost::json::array faults(record.faults.begin(), record.faults.end());
        list.push_back(boost::json::object{{"at", to_rfc3339(record.at)},
                                           {"endpoint", record.endpoint},
                                           {"kind", record.kind},
                                           {"principal", record.principal},
                                           {"quota_project", record.quota_project},
                                           {"outcome", record.outcome},
                                           {"detail", record.detail},
                                           {"faults", faults}});
    }
    return list;
}

std::int64_t google_expires_in(Instant expires_at, Instant now) {
    const auto left = std::chrono::floor<seconds>(expires_at - now).count();
    return std::max<std::int64_t>(left - (left > 1 ? 1 : 0), 0);
}

}  // namespace hearth::sandbox
