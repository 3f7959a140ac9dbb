#include "sandbox/aws_signature.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>

#include "sandbox/aws_canonical.hpp"
#include "sandbox/encoding.hpp"

namespace hearth::sandbox {

namespace {

using Kind = SignatureFault::Kind;

constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";
constexpr std::int64_t longest_presigned = 604'800;
// Those change on the way, or belong to one connection.
constexpr std::array<std::string_view, 4> never_signed{"connection", "expect", "transfer-encoding",
                                                       "upgrade"};

std::string lower(std::string_view text) {
    std::string low(text);
    for (char& letter : low)
        if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
    return low;
}

std::unexpected<SignatureFault> fault(Kind kind, std::string what) {
    return std::unexpected(SignatureFault{kind, std::move(what)});
}
std::unexpected<SignatureFault> incomplete(std::string what) {
    return fault(Kind::incomplete, std::move(what));
}

std::string hmac(std::string_view key, std::string_view text) {
    std::string digest(32, '\0');
    unsigned length = 0;
    if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
             reinterpret_cast<const unsigned char*>(text.data()), text.size(),
             reinterpret_cast<unsigned char*>(digest.data()), &length) == nullptr)
        throw std::runtime_error("HMAC is not available");
    return digest;
}

bool all_digits(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

std::int64_t number(std::string_view digits) {
    std::int64_t value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value;
}

std::optional<Instant> instant_of(std::string_view text) {
    if (text.size() != 16 || text[8] != 'T' || text[15] != 'Z' || !all_digits(text.substr(0, 8)) ||
        !all_digits(text.substr(9, 6)))
        return std::nullopt;
    const std::chrono::year_month_day day{
        std::chrono::year(static_cast<int>(number(text.substr(0, 4)))),
        std::chrono::month(static_cast<unsigned>(number(text.substr(4, 2)))),
        std::chrono::day(static_cast<unsigned>(number(text.substr(6, 2))))};
    if (!day.ok()) return std::nullopt;
    return Instant(std::chrono::sys_days(day)) + std::chrono::hours(number(text.substr(9, 2))) +
           std::chrono::minutes(number(text.substr(11, 2))) + seconds(number(text.substr(13, 2)));
}

SignatureOutcome<void> take_credential(SignatureClaim& claim, std::string_view credential) {
    const auto parts = split(credential, '/');
    if (parts.size() != 5 || parts[4] != "aws4_request" || parts[1].size() != 8)
        return incomplete("Credential must be KEY/YYYYMMDD/REGION/SERVICE/aws4_request");
    claim.access_key = parts[0];
    claim.date = parts[1];
    claim.region = parts[2];
    claim.service = parts[3];
    return {};
}

SignatureOutcome<void> take_time(SignatureClaim& claim, std::string timestamp) {
    const auto at = instant_of(timestamp);
    if (!at) return incomplete("X-Amz-Date must be YYYYMMDDTHHMMSSZ");
    if (!timestamp.starts_with(claim.date))
        return incomplete("the date of the scope is not that of X-Amz-Date");
    claim.signed_at = *at;
    claim.timestamp = std::move(timestamp);
    return {};
}

SignatureOutcome<void> take_headers(SignatureClaim& claim, std::string_view names) {
    claim.headers = split(names, ';');
    if (!std::ranges::is_sorted(claim.headers) || lower(names) != names)
        return incomplete("SignedHeaders must be sorted and in lower case");
    return {};
}

// Authorization: AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…
SignatureOutcome<SignatureClaim> from_header(const Request& request) {
    auto text = request.header("Authorization").substr(algorithm.size());
    Pairs parts;
    for (const auto& part : split(text, ',')) {
        const auto trimmed = folded(part);
        const auto equals = std::min(trimmed.find('='), trimmed.size());
        parts.emplace_back(trimmed.substr(0, equals),
                           trimmed.substr(std::min(equals + 1, trimmed.size())));
    }
    const auto part = [&](std::string_view name) {
        const auto found = std::ranges::find(
            parts, name, [](const auto& pair) { return std::string_view(pair.first); });
        return found == parts.end() ? std::string() : found->second;
    };
    SignatureClaim claim;
    claim.signature = part("Signature");
    claim.session_token = request.header("X-Amz-Security-Token");
    if (parts.size() != 3 || claim.signature.empty())
        return incomplete("Authorization needs Credential, SignedHeaders and Signature");
    for (const auto& taken :
         {take_credential(claim, part("Credential")), take_headers(claim, part("SignedHeaders"))})
        if (!taken) return std::unexpected(taken.error());
    const auto timed = take_time(claim, std::string(request.header("X-Amz-Date")));
    if (!timed) return std::unexpected(timed.error());
    return claim;
}

SignatureOutcome<SignatureClaim> from_query(const Pairs& query) {
    const auto one = [&](std::string_view name) {
        const auto found = std::ranges::find(
            query, name, [](const auto& pair) { return std::string_view(pair.first); });
        return found == query.end() ? std::string() : found->second;
    };
    SignatureClaim claim;
    if (one("X-Amz-Algorithm") != algorithm) return incomplete("X-Amz-Algorithm is not known");
    claim.signature = one("X-Amz-Signature");
    claim.session_token = one("X-Amz-Security-Token");
    const auto lifetime = one("X-Amz-Expires");
    if (!all_digits(lifetime) || lifetime.size() > 6 || number(lifetime) < 1 ||
        number(lifetime) > longest_presigned)
        return incomplete("X-Amz-Expires must be 1 to 604800");
    claim.lifetime = seconds(number(lifetime));
    const auto credential = take_credential(claim, one("X-Amz-Credential"));
    if (!credential) return std::unexpected(credential.error());
    for (const auto& taken :
         {take_headers(claim, one("X-Amz-SignedHeaders")), take_time(claim, one("X-Amz-Date"))})
        if (!taken) return std::unexpected(taken.error());
    return claim;
}

// What must be signed is, and what must not be is not.
SignatureOutcome<void> check_headers(const Request& request, const SignatureClaim& claim) {
    const auto is_signed = [&](std::string_view name) {
        return std::ranges::find(claim.headers, name) != claim.headers.end();
    };
    if (!is_signed("host")) return incomplete("host must be signed");
    for (const auto name : never_signed)
        if (is_signed(name)) return incomplete(fmt::format("{} must not be signed", name));
    for (const auto& header : request.headers) {
        const auto name = lower(header.name);
        if (name.starts_with("x-amz-") && !is_signed(name))
            return incomplete(fmt::format("{} must be signed", name));
    }
    for (const auto& name : claim.headers) {
        const bool there = std::ranges::any_of(
            request.headers, [&](const auto& header) { return same_name(header.name, name); });
        if (!there) return incomplete(fmt::format("{} is signed and was not sent", name));
    }
    return {};
}

SignatureOutcome<void> check_time(const SignatureClaim& claim, Instant now) {
    const auto until = claim.signed_at + claim.lifetime.value_or(signature_window);
    if (now >= until)
        return fault(Kind::expired,
                     fmt::format("Signature expired: {} is now earlier than {}", claim.timestamp,
                                 to_rfc3339(now - signature_window)));
    if (claim.signed_at > now + signature_window)
        return fault(Kind::too_early,
                     fmt::format("Signature not yet current: {} is still later than {}",
                                 claim.timestamp, to_rfc3339(now + signature_window)));
    return {};
}

// The body's hash: a header may repeat it, and then must be right. Unsigned bodies are for TLS.
SignatureOutcome<void> check_body(const Request& request) {
    const auto declared = request.header("X-Amz-Content-Sha256");
    if (!declared.empty() && declared != to_hex(sha256(request.body)))
        return fault(Kind::mismatch, "x-amz-content-sha256 is not the body's");
    return {};
}

}  // namespace

bool authorized_twice(const Request& request) {
    return std::ranges::count_if(request.headers, [](const HeaderLine& header) {
               return same_name(header.name, "Authorization");
           }) > 1;
}

SignatureOutcome<SignatureClaim> read_signature(const Request& request) {
    if (authorized_twice(request)) return fault(Kind::mismatch, "two Authorization headers");
    const auto header = request.header("Authorization");
    const auto query = query_pairs(request.query);
    const bool in_query = std::ranges::any_of(
        query, [](const auto& pair) { return pair.first == "X-Amz-Algorithm"; });
    if (header.empty() && !in_query) return fault(Kind::absent, "the request is not signed");
    if (!header.empty() && in_query) return incomplete("the request is signed twice");
    if (in_query) return from_query(query);
    if (!header.starts_with(std::string(algorithm) + ' '))
        return incomplete("Authorization is not of AWS4-HMAC-SHA256");
    return from_header(request);
}

SignatureOutcome<void> check_signature(const Request& request, const SignatureClaim& claim,
                                       std::string_view secret, Instant now) {
    for (const auto& checked :
         {check_headers(request, claim), check_time(claim, now), check_body(request)})
        if (!checked) return checked;
    const auto scope =
        fmt::format("{}/{}/{}/aws4_request", claim.date, claim.region, claim.service);
    const auto to_sign = fmt::format("{}\n{}\n{}\n{}", algorithm, claim.timestamp, scope,
                                     to_hex(sha256(canonical_request(request, claim.headers))));
    auto key = hmac("AWS4" + std::string(secret), claim.date);
    for (const std::string_view part :
         {std::string_view(claim.region), std::string_view(claim.service),
          std::string_view("aws4_request")})
        key = hmac(key, part);
    if (!same_text(to_hex(hmac(key, to_sign)), claim.signature))
        return fault(
            Kind::mismatch,
            "The request signature we calculated does not match the signature you provided");
    return {};
}

}  // namespace hearth::sandbox
