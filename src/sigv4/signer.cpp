#include <utility>

#include "hearth/sigv4.hpp"
#include "sigv4/canonical_request.hpp"
#include "sigv4/signing.hpp"
#include "sigv4/workspace.hpp"

namespace hearth::sigv4 {
namespace {

// The headers that the signer makes, in an array of its own.
class MadeHeaders {
  public:
    MadeHeaders(const Request& request, const Keys& keys, const Service& service,
                const Scope& scope, const Payload& payload) {
        if (!request.host.empty()) add("host", request.host);
        add("x-amz-date", scope.date.view());
        if (!keys.session_token.empty() && service.session_token == SessionToken::is_signed)
            add("x-amz-security-token", keys.session_token);
        if (payload.told) add("x-amz-content-sha256", payload.hash.view());
        if (service.algorithm == Algorithm::v4a) add("x-amz-region-set", service.region);
    }
    [[nodiscard]] std::span<const HeaderView> all() const { return {headers_.data(), size_}; }

  private:
    void add(std::string_view name, std::string_view value) { headers_[size_++] = {name, value}; }

    std::array<HeaderView, 5> headers_;
    std::size_t size_ = 0;
};

std::string authorization(const Scope& scope, const Keys& keys, std::string_view names,
                          std::string_view signature) {
    constexpr std::string_view credential = " Credential=";
    constexpr std::string_view headers = ", SignedHeaders=";
    constexpr std::string_view last = ", Signature=";
    std::string text;
    text.reserve(scope.algorithm.size() + credential.size() + keys.id.size() + 1 +
                 scope.text.view().size() + headers.size() + names.size() + last.size() +
                 signature.size());
    text.append(scope.algorithm).append(credential).append(keys.id).append("/");
    text.append(scope.text.view()).append(headers).append(names).append(last).append(signature);
    return text;
}

}  // namespace

Digest signing_key(const Keys& keys, const Service& service, std::string_view day) noexcept {
    Digest key = HmacKey("AWS4", keys.secret).of(day);
    for (const auto part : {service.region, service.name, std::string_view("aws4_request")}) {
        auto next = HmacKey(key).of(part);
        key = next;
        wipe(next.data(), next.size());
    }
    return key;
}

HmacKey Signer::State::daily_key(const Keys& keys, const Service& service, const Scope& scope) {
    const auto secret = Sha256::of(keys.secret);
    if (const auto kept = daily.find(secret, scope.text.view())) return *kept;
    auto derived = signing_key(keys, service, scope.day());
    const HmacKey key(derived);
    wipe(derived.data(), derived.size());
    daily.keep(secret, scope.text.view(), key);
    return key;
}

Result<EllipticKey> Signer::State::elliptic_key(const Keys& keys) {
    const auto secret = Sha256::of(keys.secret);
    if (auto kept = elliptic.find(secret, keys.id)) return *std::move(kept);
    auto key = EllipticKey::derive(keys.id, keys.secret);
    if (key) elliptic.keep(secret, keys.id, *key);
    return key;
}

Result<Text<144>> Signer::State::signature(const Keys& keys, const Service& service,
                                           const Scope& scope, std::string_view string_to_sign) {
    if (service.algorithm == Algorithm::v4)
        return Text<144>().append(
            hexadecimal(daily_key(keys, service, scope).of(string_to_sign)).view());
    const auto key = elliptic_key(keys);
    if (!key) return std::unexpected(key.error());
    return key->sign(string_to_sign);
}

Signer::Signer(std::size_t kept_keys) : state_(std::make_unique<State>(kept_keys)) {}
Signer::Signer(Signer&&) noexcept = default;
Signer& Signer::operator=(Signer&&) noexcept = default;
Signer::~Signer() = default;

void Signer::forget() const noexcept {
    state_->daily.forget();
    state_->elliptic.forget();
}

Result<Signed> Signer::sign(const Request& request, const Keys& keys, const Service& service,
                            std::chrono::sys_seconds at) const {
    const auto scope = Scope::of(keys, service, at);
    if (!scope) return std::unexpected(scope.error());
    const auto payload = Payload::of(request, service);
    if (!payload) return std::unexpected(payload.error());
    Workspace memory;
    const MadeHeaders made(request, keys, service, *scope, *payload);
    // Sent with the request even where it is not signed.
    const std::string_view token = keys.session_token.empty() ? "" : "x-amz-security-token";
    const auto all = headers_to_sign(request, made.all(), {&token, 1}, memory);
    const SignedHeaders headers(all, memory);
    CanonicalQuery query(memory);
    query.add(request.query);
    const CanonicalRequest canonical{.request = request,
                                     .path = service.path,
                                     .query = query,
                                     .headers = headers,
                                     .payload_hash = payload->hash.view()};
    const auto text = scope->string_to_sign(canonical.hash(memory));
    const auto signature = state_->signature(keys, service, *scope, text.view());
    if (!signature) return std::unexpected(signature.error());
    return Signed{.authorization = authorization(*scope, keys, headers.names(), signature->view()),
                  .date = scope->date,
                  .content_sha256 = payload->told ? payload->hash : Text<64>(),
                  .signature = *signature};
}

}  // namespace hearth::sigv4
