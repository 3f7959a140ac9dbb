#include "simulation/wire.hpp"

#include <memory>
#include <utility>

namespace hearth::simulation {

using namespace std::chrono_literals;

namespace {

constexpr Span longest_wait = 30s;  // For an answer; the product's own limit.

std::string parameter(const std::string& body, const std::string& name) {
    const auto form = "&" + body;
    const auto start = form.find("&" + name + "=");
    if (start == std::string::npos) return {};
    const auto rest = form.substr(start + name.size() + 2);
    return rest.substr(0, rest.find('&'));
}

HttpFailure failure(HttpFailure::Stage stage, const std::string& what) {
    return {stage, {Remedy::unreachable, what, ""}};
}

}  // namespace

// How one exchange goes.
struct Wire::Trip {
    Moment requested;
    Span arrives{};  // From now on.
    bool request_lost = false;
    std::optional<Span> again;  // It arrives once more.
    Span reply_takes{};
    bool reply_lost = false;
    std::shared_ptr<std::optional<Issuer::Answer>> answer =
        std::make_shared<std::optional<Issuer::Answer>>();
};

std::expected<HttpResponse, HttpFailure> Wire::send(HttpRequest request, std::stop_token /*stop*/) {
    const std::string body(request.body.reveal());
    if (parameter(body, "grant_type") != "refresh_token") return revoke(body);
    return renew(refresh_number(parameter(body, "refresh_token")).value());
}

std::optional<HttpFailure> Wire::leave() {
    auto& scene = process_.scene();
    if (away(process_.host(), scene) || scene.dice.chance(scene.climate.not_reached)) {
        scene.reached(Reached::not_reached);
        process_.rest(scene.dice.between(0ms, 3s));
        return failure(HttpFailure::Stage::not_sent, "issuer.test: no route to host");
    }
    return {};
}

Wire::Trip Wire::plan() {
    auto& scene = process_.scene();
    auto& dice = scene.dice;
    Trip trip{.requested = process_.host().now(), .arrives = dice.between(1ms, 150ms), .again = {}};
    trip.request_lost = dice.chance(scene.climate.request_lost);
    trip.reply_lost = dice.chance(scene.climate.reply_lost);
    trip.reply_takes = dice.between(1ms, 150ms);
    if (dice.chance(scene.climate.delayed)) {
        scene.reached(Reached::request_delayed);
        trip.arrives = dice.between(1s, 90s);
    }
    if (dice.chance(scene.climate.twice)) {
        scene.reached(Reached::request_twice);
        trip.again = dice.between(1ms, 60s);
    }
    if (trip.request_lost) scene.reached(Reached::request_lost);
    return trip;
}

// The provider answers, whether or not anybody is there to hear it.
void Wire::deliver(std::size_t refresh, const Place& place, const Trip& trip) {
    auto& timeline = process_.scene().timeline;
    const auto arrive = [witness = witness_, refresh, place,
                         requested = trip.requested](bool twice) {
        auto& ledger = witness.ledgers.of(place);
        ++ledger.mishaps;
        if (ledger.last_sent != refresh) witness.scene.reached(Reached::request_overtaken);
        return witness.issuer.exchange(refresh, {requested, twice});
    };
    if (!trip.request_lost) {
        timeline.in(trip.arrives, [arrive, answer = trip.answer] { *answer = arrive(false); });
    }
    if (trip.again) timeline.in(*trip.again, [arrive] { (void)arrive(true); });
}

std::expected<HttpResponse, HttpFailure> Wire::renew(std::size_t refresh) {
    auto& scene = process_.scene();
    const auto number = process_.number();
    const auto place = witness_.issuer.family(witness_.issuer.refresh(refresh).family).place;
    process_.peril(Reached::crash_sending);
    promises_.once.sending(process_.name(), number, place, refresh, process_.host().installation);
    promises_.patient.sending(process_.name(), place, process_.host());
    promises_.bounded.sending(process_.name(), number);
    scene.trace.note(process_.name(), "sends ", refresh_name(refresh), " of ", place.session);
    if (scene.on_renewal) scene.on_renewal();
    using Last = Installation::Tenure::Last;
    // Where the lock excludes nobody, another process may have given it back meanwhile.
    const auto note_end = [&](Last end) {
        auto* const tenure = process_.host().installation.held("session " + place.session);
        if (tenure != nullptr) tenure->last = end;
    };
    note_end(Last::failed);
    if (auto unsent = leave()) {
        promises_.once.ended(number, place);
        return std::unexpected(*std::move(unsent));
    }
    const auto trip = plan();
    deliver(refresh, place, trip);
    process_.peril(Reached::crash_sending);
    const Span takes = trip.arrives + trip.reply_takes;
    const bool heard = !trip.request_lost && !trip.reply_lost && takes < longest_wait;
    process_.rest(heard ? takes : scene.dice.chance(0.5) ? takes : longest_wait);
    promises_.once.ended(number, place);
    if (!heard || !*trip.answer) {
        if (!trip.request_lost) scene.reached(Reached::reply_lost);
        note_end(Last::lost);
        scene.trace.note(process_.name(), "gets no answer");
        return std::unexpected(failure(HttpFailure::Stage::no_answer, "issuer.test: no answer"));
    }
    auto& answer = **trip.answer;
    scene.trace.note(process_.name(), "gets status ", answer.response.status,
                     answer.retry_after ? ", Retry-After " : "",
                     answer.retry_after ? std::to_string(*answer.retry_after / 1s) : "");
    if (answer.issued) {
        promises_.once.received(number, *answer.issued);
        scene.reached(Reached::renewed);
    }
    note_end(answer.refused                  ? Last::refused
             : answer.issued                 ? Last::renewed
             : answer.response.status == 200 ? Last::lost
                                             : Last::failed);
    if (answer.refused) promises_.once.refused(refresh);
    if (answer.retry_after)
        promises_.patient.told_to_wait(number, place, *answer.retry_after, process_.host());
    if (scene.plant == Plant::refusal_without_proof && answer.response.status >= 500)
        answer.response = {.status = 400,
                           .headers = {{"Content-Type", "application/json"}},
                           .body = Secret(R"({"error":"invalid_grant"})")};
    process_.peril(Reached::crash_saving);
    return std::move(answer.response);
}

std::expected<HttpResponse, HttpFailure> Wire::revoke(const std::string& body) {
    auto& scene = process_.scene();
    auto* const errand = process_.errand();
    if (auto unsent = leave()) return std::unexpected(*std::move(unsent));
    process_.rest(scene.dice.between(2ms, 300ms));
    const auto token = parameter(body, "token");
    const bool leaving = errand != nullptr && errand->purpose == Errand::Purpose::sign_out;
    if (const auto refresh = refresh_number(token)) {
        const auto family = witness_.issuer.refresh(*refresh).family;
        scene.trace.note(process_.name(), "revokes ", token);
        ++witness_.ledgers.of(witness_.issuer.family(family).place).mishaps;
        witness_.issuer.revoke(family, leaving ? Issuer::End::signed_out : Issuer::End::discarded);
    }
    process_.rest(0ms);
    if (scene.dice.chance(scene.climate.reply_lost))
        return std::unexpected(failure(HttpFailure::Stage::no_answer, "issuer.test: no answer"));
    return HttpResponse{.status = 200, .headers = {}, .body = {}};
}

}  // namespace hearth::simulation
