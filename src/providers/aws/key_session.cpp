#include "providers/aws/key_session.hpp"

#include <algorithm>

#include "providers/aws/plain_values.hpp"
#include "providers/aws/process_document.hpp"
#include "providers/aws/sts_place.hpp"
#include "providers/provider.hpp"

namespace hearth::providers::aws {
namespace {

using namespace std::chrono_literals;

constexpr const char* region_fact = "region";
constexpr const char* way_fact = "way";
constexpr const char* place_fact = "place";
constexpr Span looked_at_again = 1h;
constexpr Span clock_leeway = 30s;
constexpr std::int64_t longest_presigned = 7 * 24 * 60 * 60;
// Far more than any of AWS's services gives.
constexpr Span longest_life = 24h * 400;

std::string_view parameter(std::string_view address, std::string_view name) {
    const auto begin = address.find(name);
    if (begin == std::string_view::npos) return {};
    const auto value = address.substr(begin + name.size());
    return value.substr(0, value.find('&'));
}

// When a presigned address ends; absent where it does not say.
std::optional<Instant> end_of(std::string_view address) {
    const auto date = parameter(address, "X-Amz-Date=");
    const auto lifetime = plain_number(parameter(address, "X-Amz-Expires="));
    constexpr std::size_t basic_date = 16;  // 20150830T123600Z
    if (date.size() != basic_date || !lifetime || *lifetime < 1 || *lifetime > longest_presigned)
        return {};
    const auto part = [&](std::size_t at, std::size_t size) {
        return std::string(date.substr(at, size));
    };
    const auto signed_at = parse_rfc3339(part(0, 4) + "-" + part(4, 2) + "-" + part(6, 5) + ":" +
                                         part(11, 2) + ":" + part(13, 3));
    if (!signed_at) return {};
    return *signed_at + std::chrono::seconds(*lifetime);
}

// By the clock of whoever gave them, where this machine's is wrong.
std::optional<Span> life_of(const Keys& keys, const Moment& now) {
    if (!keys.expires_at) return {};
    const auto skew = keys.server_skew.value_or(Span{});
    const bool matters = std::chrono::abs(skew) > clock_leeway;
    return *keys.expires_at - (now.wall + (matters ? skew : Span{}));
}

Session around(const Keys& keys, const Moment& now, std::optional<Span> lifetime) {
    Session session;
    session.provider = "aws";
    session.kind = Credential::Kind::aws;
    session.signed_in_at = now.wall;
    if (lifetime) session.lifespan = Lifespan{now, std::clamp<Span>(*lifetime, 0s, longest_life)};
    std::optional<Instant> end;
    if (session.lifespan) end = session.lifespan->expires_at();
    session.access_token = process_document(keys.keys, end);
    session.account.subject = keys.arn;
    session.account.organization_id =
        keys.keys.account_id.empty() ? account_in(keys.arn) : keys.keys.account_id;
    return session;
}

}  // namespace

Session session_of(const Settled& settled, const Keys& keys, const Session& before,
                   const Moment& now) {
    const Span lifetime = life_of(keys, now).value_or(looked_at_again);
    auto session = around(keys, now, lifetime);
    session.unattended = true;
    if (session.account.subject.empty()) session.account = before.account;
    session.facts[way_fact] = settled.plan.name;
    session.facts[place_fact] = settled.plan.place;
    session.facts[basis_fact] = settled.basis;
    if (!settled.region.empty()) session.facts[region_fact] = settled.region;
    return session;
}

Session given_session(const Keys& keys, const Moment& now) {
    return around(keys, now, life_of(keys, now));
}

bool is_bedrock_key(std::string_view text) noexcept {
    return text.starts_with("bedrock-api-key-") || text.starts_with("ABSK");
}

Result<Session> bedrock_session(Secret key, const Moment& now) {
    const auto text = key.reveal();
    if (!std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7F; }))
        return std::unexpected(Error{Remedy::usage,
                                     "an API key of Bedrock is one word of plain characters",
                                     "hand over the key and nothing else"});
    Session session;
    session.provider = "aws";
    session.signed_in_at = now.wall;
    if (const auto end = end_of(address_in_bedrock_key(text))) {
        if (*end <= now.wall)
            return std::unexpected(Error{Remedy::usage, "this API key of Bedrock has expired",
                                         "hand over a newer one"});
        session.lifespan = Lifespan{now, *end - now.wall};
    }
    session.access_token = std::move(key);
    return session;
}

std::string region_of(const Profile& profile, const Session& session) {
    if (!profile.aws->region.empty()) return profile.aws->region;
    const auto found = session.facts.find(region_fact);
    return found == session.facts.end() ? std::string() : found->second;
}

std::vector<std::pair<std::string, std::string>> origin_of(const Session& session) {
    std::vector<std::pair<std::string, std::string>> origin;
    for (const auto* const name : {way_fact, place_fact}) {
        const auto found = session.facts.find(name);
        if (found != session.facts.end()) origin.emplace_back(name, found->second);
    }
    return origin;
}

}  // namespace hearth::providers::aws
