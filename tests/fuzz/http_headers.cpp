// The header values that decisions hang on: Retry-After and Date.
#include "fuzz/target.hpp"
#include "oauth/token_reply.hpp"

namespace hearth::fuzz {

void try_input(std::string_view input) {
    const auto [first, second] = first_line(input);
    const HttpResponse response{
        .status = 503,
        .headers = {{"Retry-After", std::string(first)}, {"Date", std::string(second)}},
        .body = {}};
    const Instant now(std::chrono::seconds(1'800'000'000));
    if (const auto pause = oauth::retry_after(response, now)) {
        require(*pause >= Span{} && *pause <= std::chrono::days(7));
    }
    const auto skew = oauth::server_skew(response, now, now + std::chrono::seconds(2));
    require(skew.has_value() == parse_http_date(second).has_value());
    constexpr Span longest = std::chrono::days(366 * 10'000);
    require(!skew || (*skew < longest && *skew > -longest));
}

}  // namespace hearth::fuzz
