#include <array>

#include "hearth/sigv4.hpp"
#include "sigv4/canonical_request.hpp"
#include "sigv4/signing.hpp"
#include "sigv4/workspace.hpp"

namespace hearth::sigv4 {
namespace {

using namespace std::chrono_literals;

// The parameters that a presigned query adds, in the order in which they are written.
class MadeParameters {
  public:
    void add(std::string_view name, std::string_view value) { all_[size_++] = {name, value}; }
    [[nodiscard]] std::span<const HeaderView> all() const { return {all_.data(), size_}; }

  private:
    std::array<HeaderView, 7> all_;
    std::size_t size_ = 0;
};

void append_parameter(std::string& query, std::string_view name, std::string_view value) {
    if (!query.empty()) query += '&';
    query.append(name).append("=");
    append_encoded(query, value);
}

std::unexpected<Error> out_of_range() {
    return std::unexpected(
        Error{Remedy::usage, "AWS: a presigned address is good for 1 second to 7 days", ""});
}

std::pmr::vector<HeaderView> headers_of(const Request& request, std::pmr::memory_resource& memory) {
    // What the query says is not said again by a header.
    static constexpr std::array<std::string_view, 3> left_out{"x-amz-date", "x-amz-security-token",
                                                              "x-amz-region-set"};
    const HeaderView host{"host", request.host};
    const auto made = std::span(&host, request.host.empty() ? 0 : 1);
    return headers_to_sign(request, made, left_out, memory);
}

}  // namespace

Result<std::string> Signer::presign(const Request& request, const Keys& keys,
                                    const Service& service, std::chrono::sys_seconds at,
                                    std::chrono::seconds lifetime) const {
    if (lifetime < 1s || lifetime > 7 * 24h) return out_of_range();
    const auto scope = Scope::of(keys, service, at);
    if (!scope) return std::unexpected(scope.error());
    const auto payload = Payload::of_presigned(request, service);
    if (!payload) return std::unexpected(payload.error());
    Workspace memory;
    const auto all = headers_of(request, memory);
    const SignedHeaders headers(all, memory);

    const auto credential = std::string(keys.id) + "/" + std::string(scope->text.view());
    const auto seconds = std::to_string(lifetime.count());
    MadeParameters made;
    made.add("X-Amz-Algorithm", scope->algorithm);
    made.add("X-Amz-Credential", credential);
    made.add("X-Amz-Date", scope->date.view());
    made.add("X-Amz-Expires", seconds);
    if (service.algorithm == Algorithm::v4a) made.add("X-Amz-Region-Set", service.region);
    made.add("X-Amz-SignedHeaders", headers.names());
    const bool has_token = !keys.session_token.empty();
    if (has_token && service.session_token == SessionToken::is_signed)
        made.add("X-Amz-Security-Token", keys.session_token);

    CanonicalQuery query(memory);
    query.add(request.query);
    std::string text(request.query);
    for (const auto& [name, value] : made.all()) {
        query.add(name, value);
        append_parameter(text, name, value);
    }
    const CanonicalRequest canonical{.request = request,
                                     .path = service.path,
                                     .query = query,
                                     .headers = headers,
                                     .payload_hash = payload->hash.view()};
    const auto signature = state_->signature(keys, service, *scope,
                                             scope->string_to_sign(canonical.hash(memory)).view());
    if (!signature) return std::unexpected(signature.error());
    if (has_token && service.session_token == SessionToken::is_added_afterwards)
        append_parameter(text, "X-Amz-Security-Token", keys.session_token);
    append_parameter(text, "X-Amz-Signature", signature->view());
    return text;
}

}  // namespace hearth::sigv4
