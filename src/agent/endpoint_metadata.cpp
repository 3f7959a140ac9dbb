#include "agent/endpoint_metadata.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

#include "agent/endpoint_replies.hpp"
#include "json/object_writer.hpp"

namespace hearth::agent {
namespace {

constexpr std::string_view flavor = "Metadata-Flavor: Google\r\n";
constexpr std::string_view text_type = "application/text";
constexpr std::string_view accounts = "/computeMetadata/v1/instance/service-accounts";
// What has no end is asked for again so that a program hears of another.
constexpr Span endless_for = std::chrono::hours(1);
constexpr std::chrono::seconds least_told{1};

enum class Part : std::uint8_t { path, query };

// "%2F" and its like; what is none stands for itself. A plus is a blank in a query alone.
std::string decoded(std::string_view text, Part part) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        unsigned octet = 0;
        const auto* const digits = text.data() + i + 1;
        if (text[i] == '%' && i + 2 < text.size() &&
            std::from_chars(digits, digits + 2, octet, 16).ptr == digits + 2) {
            plain.push_back(static_cast<char>(octet));
            i += 2;
        } else {
            plain.push_back(text[i] == '+' && part == Part::query ? ' ' : text[i]);
        }
    }
    return plain;
}

// A target, taken apart.
struct Asked {
    std::string path;  // Without a slash at its end.
    bool recursive = false;
    std::string audience;
};

Asked asked_in(std::string_view target) {
    const auto mark = std::min(target.find('?'), target.size());
    Asked asked{.path = decoded(target.substr(0, mark), Part::path), .audience = {}};
    if (asked.path.ends_with('/')) asked.path.pop_back();
    auto query = target.substr(std::min(mark + 1, target.size()));
    while (!query.empty()) {
        const auto pair = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(pair.size() + 1, query.size()));
        const auto equals = std::min(pair.find('='), pair.size());
        const auto value = decoded(pair.substr(std::min(equals + 1, pair.size())), Part::query);
        if (pair.substr(0, equals) == "recursive") asked.recursive = value == "true";
        if (pair.substr(0, equals) == "audience") asked.audience = value;
    }
    return asked;
}

// What is asked of an account, "token" or the like, and empty of the account itself; absent for
// anything else. A library may name it by the e-mail that it was told.
std::optional<std::string> of_account(const Asked& asked, const std::string& email) {
    for (const std::string_view name : {std::string_view("default"), std::string_view(email)}) {
        const auto whole = std::string(accounts).append("/").append(name);
        if (name.empty() || !asked.path.starts_with(whole)) continue;
        auto rest = asked.path.substr(whole.size());
        if (rest.empty()) return rest;
        if (rest.front() == '/') return rest.substr(1);
    }
    return std::nullopt;
}

Secret text_reply(std::string_view text) {
    return http_reply({.type = text_type, .more = flavor}, Secret(text));
}
Secret json_reply(const Secret& document) { return http_reply({.more = flavor}, document); }
Secret nothing(std::string_view why) { return absence_reply(why, flavor); }

const std::string& shown_email(const MetadataFacts& facts) {
    static const std::string unknown = "default";
    return facts.email.empty() ? unknown : facts.email;
}

Secret account_document(const MetadataFacts& facts) {
    json::ObjectWriter document;
    document.texts("aliases", {"default"}).text("email", shown_email(facts));
    return document.texts("scopes", facts.scopes).take();
}

Secret all_accounts(const Asked& asked, const MetadataFacts& facts) {
    const auto& email = shown_email(facts);
    if (!asked.recursive) {
        return text_reply(facts.email.empty() ? std::string("default/\n")
                                              : "default/\n" + email + "/\n");
    }
    json::ObjectWriter document;
    document.object("default", account_document(facts));
    if (!facts.email.empty()) document.object(email, account_document(facts));
    return json_reply(document.take());
}

std::string lines(const std::vector<std::string>& values) {
    std::string text;
    for (const auto& value : values) text += value + "\n";
    return text;
}

// Absent for the token and the ID token.
std::optional<Secret> account_reply(const std::string& what, const Asked& asked,
                                    const MetadataFacts& facts) {
    const bool hands_id_tokens = !facts.id_token_audience.empty();
    if (what.empty()) {
        return asked.recursive ? json_reply(account_document(facts))
                               : text_reply("aliases\nemail\nidentity\nscopes\ntoken\n");
    }
    if (what == "aliases") return text_reply("default\n");
    if (what == "email") return text_reply(shown_email(facts));
    if (what == "scopes") return text_reply(lines(facts.scopes));
    if (what == "token") {
        if (!hands_id_tokens) return std::nullopt;
        return nothing("this profile's tokens are ID tokens, for " + facts.id_token_audience);
    }
    if (what == "identity") {
        if (hands_id_tokens && asked.audience == facts.id_token_audience) return std::nullopt;
        return nothing(hands_id_tokens
                           ? "this profile's ID tokens are for " + facts.id_token_audience
                           : "this profile has no ID tokens; its id_token_audience is not set");
    }
    return nothing("nothing is here");
}

bool is_number(const std::string& text) {
    return !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
}

Secret other_reply(const Asked& asked, const MetadataFacts& facts) {
    struct Listing {
        std::string_view path;
        std::string_view text;
    };
    constexpr std::array listings{
        Listing{"", "computeMetadata/\n"},
        Listing{"/computeMetadata", "v1/\n"},
        Listing{"/computeMetadata/v1", "instance/\nproject/\nuniverse/\n"},
        Listing{"/computeMetadata/v1/instance", "service-accounts/\n"},
        Listing{"/computeMetadata/v1/project", "numeric-project-id\nproject-id\n"},
        Listing{"/computeMetadata/v1/universe", "universe-domain\n"}};
    const auto* const listing = std::ranges::find(listings, asked.path, &Listing::path);
    if (listing != listings.end()) return text_reply(listing->text);
    const auto& universe = facts.universe_domain;
    // Go's library writes it with an underscore.
    if (asked.path == "/computeMetadata/v1/universe/universe-domain" ||
        asked.path == "/computeMetadata/v1/universe/universe_domain")
        return text_reply(universe.empty() ? "googleapis.com" : universe);
    if (asked.path == "/computeMetadata/v1/project/project-id") {
        return facts.project.empty() ? nothing("this profile names no project")
                                     : text_reply(facts.project);
    }
    if (asked.path == "/computeMetadata/v1/project/numeric-project-id") {
        return is_number(facts.project)
                   ? text_reply(facts.project)
                   : nothing("this profile does not name its project's number");
    }
    return nothing("nothing is here");
}

}  // namespace

Verdict MetadataFace::judge(const Question& question) const {
    if (!question.gets) return Verdict::wrong_method;
    // Google's libraries look whether somebody is there before they ask for anything.
    if (question.flavored || question.target == "/") return Verdict::granted;
    return Verdict::no_flavor;
}

std::optional<Secret> MetadataFace::fixed_reply(const Question& question) const {
    const auto asked = asked_in(question.target);
    const auto facts = look_();
    if (asked.path == accounts) return all_accounts(asked, facts);
    if (const auto what = of_account(asked, facts.email)) return account_reply(*what, asked, facts);
    return other_reply(asked, facts);
}

std::optional<Secret> MetadataFace::lasting_reply(const Credential& /*credential*/) const {
    return std::nullopt;
}

// The scopes that a library asks for are not looked at, as on an instance, whose token has those
// that it has.
Secret MetadataFace::reply(const Question& question, const Credential& credential,
                           Instant now) const {
    if (credential.kind() != Credential::Kind::bearer)
        return failure(
            Error{Remedy::usage, credential.profile() + " has no token of Google's", ""});
    const auto& token = credential.token();
    if (asked_in(question.target).path.ends_with("/identity"))
        return http_reply({.type = text_type, .more = flavor}, token);
    const auto end = credential.expires_at();
    const Span left = end ? Instant(*end) - now : endless_for;
    // Node's library takes 0 for a token without an end, and never asks again.
    const auto told = std::max(std::chrono::floor<std::chrono::seconds>(left), least_told);
    json::ObjectWriter document;
    document.text("access_token", token.reveal()).number("expires_in", told.count());
    return json_reply(document.text("token_type", "Bearer").take());
}

Secret MetadataFace::failure(const Error& error) const { return failure_reply(error, flavor); }

Secret MetadataFace::refusal(Verdict verdict) const { return refusal_reply(verdict, flavor); }

}  // namespace hearth::agent
