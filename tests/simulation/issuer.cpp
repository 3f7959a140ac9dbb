#include "simulation/issuer.hpp"

#include <array>
#include <charconv>
#include <cstdio>

namespace hearth::simulation {

using namespace std::chrono_literals;

namespace {

std::optional<std::size_t> number_behind(std::string_view prefix, std::string_view text) {
    if (!text.starts_with(prefix)) return {};
    text.remove_prefix(prefix.size());
    std::size_t number = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (problem != std::errc() || end != text.data() + text.size()) return {};
    return number;
}

std::string http_date(Instant instant) {
    static constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto day = std::chrono::floor<std::chrono::days>(instant);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::seconds>(instant - day));
    std::array<char, 40> text{};
    const int size = std::snprintf(
        text.data(), text.size(), "%s, %02u %s %04d %02d:%02d:%02d GMT",
        days.at(std::chrono::weekday(day).c_encoding()), static_cast<unsigned>(date.day()),
        months.at(static_cast<unsigned>(date.month()) - 1), static_cast<int>(date.year()),
        static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
        static_cast<int>(time.seconds().count()));
    return {text.data(), static_cast<std::size_t>(size)};
}

HttpResponse json(int status, const std::string& body) {
    return {
        .status = status, .headers = {{"Content-Type", "application/json"}}, .body = Secret(body)};
}

}  // namespace

std::string refresh_name(std::size_t index) { return "refresh-" + std::to_string(index); }
std::string access_name(std::size_t index) { return "access-" + std::to_string(index); }
std::optional<std::size_t> refresh_number(std::string_view text) {
    return number_behind("refresh-", text);
}
std::optional<std::size_t> access_number(std::string_view text) {
    return number_behind("access-", text);
}

Issuer::Issued Issuer::issue(std::size_t family, std::optional<std::size_t> parent,
                             const Moment& requested) {
    AccessToken token{family, scene_.timeline.now(), rules_.lifetime, true, requested};
    if (scene_.dice.chance(scene_.climate.shorter_life)) {
        scene_.reached(Reached::shorter_life);
        token.lifetime = scene_.dice.between(10s, std::max<Span>(rules_.lifetime, 20s));
    }
    accesses_.push_back(token);
    Issued issued{accesses_.size() - 1, {}};
    if (parent && !rules_.rotates) return issued;
    refreshes_.push_back({family, parent, {}, false, 0});
    issued.refresh = refreshes_.size() - 1;
    return issued;
}

Issuer::Issued Issuer::begin(const Place& place, const std::string& account,
                             const Moment& requested) {
    families_.push_back({place, account, End::none});
    return issue(families_.size() - 1, {}, requested);
}

bool Issuer::would_renew(std::size_t index) const {
    const auto& token = refreshes_.at(index);
    if (families_.at(token.family).end != End::none) return false;
    return !token.spent_at || scene_.timeline.now() - *token.spent_at <= rules_.leeway;
}

void Issuer::revoke(std::size_t family, End why) {
    auto& end = families_.at(family).end;
    if (end == End::none) end = why;
}

Issuer::Answer Issuer::exchange(std::size_t index, const Arrival& arrival) {
    if (scene_.timeline.now() < down_until_ || scene_.dice.chance(scene_.climate.server_error) ||
        scene_.dice.chance(scene_.climate.throttled) ||
        scene_.dice.chance(scene_.climate.client_refused))
        return trouble();
    auto& token = refreshes_.at(index);
    const auto family = token.family;
    if (!would_renew(index)) {
        if (families_.at(family).end == End::none && rules_.revokes_on_reuse) {
            scene_.reached(Reached::reuse_detected);
            scene_.trace.note("issuer", refresh_name(index), " was spent before: family ", family,
                              " ends");
            revoke(family, End::reused);
        }
        return refusal();
    }
    if (token.spent_at) scene_.reached(Reached::leeway_used);
    if (rules_.rotates && !token.spent_at) token.spent_at = scene_.timeline.now();
    scene_.reached(rules_.rotates ? Reached::rotated : Reached::not_rotated);
    const auto issued = issue(family, index, arrival.requested);
    scene_.trace.note("issuer", refresh_name(index), " exchanged for ", access_name(issued.access),
                      issued.refresh ? " and " + refresh_name(*issued.refresh) : std::string());
    return success(issued);
}

Issuer::Answer Issuer::success(const Issued& issued) {
    auto& token = accesses_.at(issued.access);
    std::string body =
        R"({"token_type":"Bearer","access_token":")" + access_name(issued.access) + '"';
    if (issued.refresh) body += R"(,"refresh_token":")" + refresh_name(*issued.refresh) + '"';
    if (scene_.dice.chance(scene_.climate.no_expiry)) {
        scene_.reached(Reached::no_expiry);
        token.told = false;
    } else {
        body += ",\"expires_in\":" + std::to_string(token.lifetime / 1s);
    }
    Answer answer{json(200, body + "}"), issued, {}, false};
    token.lifetime = std::chrono::floor<std::chrono::seconds>(token.lifetime);
    if (scene_.dice.chance(scene_.climate.garbage)) {
        scene_.reached(Reached::garbage);
        answer.response.body = Secret(body.substr(0, body.size() / 2));
        answer.issued.reset();
    }
    add_date(answer.response);
    return answer;
}

Issuer::Answer Issuer::refusal() {
    Answer answer{json(400, R"({"error":"invalid_grant"})"), {}, {}, true};
    add_date(answer.response);
    return answer;
}

Issuer::Answer Issuer::trouble() {
    auto& dice = scene_.dice;
    Answer answer;
    if (dice.chance(scene_.climate.client_refused)) {
        scene_.reached(Reached::client_refused);
        answer.response = json(401, R"({"error":"invalid_client"})");
    } else if (dice.chance(0.5)) {
        scene_.reached(Reached::server_error);
        answer.response = json(dice.chance(0.5) ? 503 : 500, "<html>");
    } else {
        scene_.reached(Reached::throttled);
        answer.response = json(429, R"({"error":"temporarily_unavailable"})");
    }
    if (answer.response.status != 401 && dice.chance(0.5)) {
        const bool long_one = dice.chance(0.2);
        if (long_one) scene_.reached(Reached::throttled_for_long);
        answer.retry_after = std::chrono::floor<std::chrono::seconds>(
            dice.between(1s, long_one ? Span(3h) : Span(2min)));
        answer.response.headers.push_back(
            {"Retry-After", std::to_string(*answer.retry_after / 1s)});
    }
    add_date(answer.response);
    return answer;
}

void Issuer::add_date(HttpResponse& response) {
    if (scene_.dice.chance(0.5)) return;
    // The server's clock is the world's, unless it is wrong.
    Instant date = Instant(1'800'000'000s) + scene_.timeline.now();
    if (scene_.dice.chance(scene_.climate.date_skewed)) {
        scene_.reached(Reached::date_skewed);
        date += scene_.dice.between(-48h, 48h);
    }
    response.headers.push_back({"Date", http_date(date)});
}

}  // namespace hearth::simulation
