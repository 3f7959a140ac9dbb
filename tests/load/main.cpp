// One engine with very many sessions that expire together, for a day of virtual time: what ./test
// does at a tenth of the size. Prints what it saw; fails where a promise was broken.
#include <cstdlib>
#include <iostream>
#include <string_view>

#include "load/fleet.hpp"

namespace {

using namespace std::chrono_literals;
using hearth::load::Fleet;
using hearth::load::FleetOptions;

constexpr auto usage =
    "usage: hearth-load [--sessions N] [--issuers N] [--clients N] [--hours N] [--per-second N]\n";

bool parse(int count, char** words, FleetOptions& options, long& hours) {
    for (int i = 1; i < count; i += 2) {
        const std::string_view word = words[i];
        const long value = i + 1 < count ? std::strtol(words[i + 1], nullptr, 10) : 0;
        if (value <= 0) return false;
        if (word == "--sessions") {
            options.sessions = static_cast<int>(value);
        } else if (word == "--issuers") {
            options.issuers = static_cast<int>(value);
        } else if (word == "--clients") {
            options.clients = static_cast<int>(value);
        } else if (word == "--per-second") {
            options.rate.per_second = static_cast<double>(value);
        } else if (word == "--hours") {
            hours = value;
        } else {
            return false;
        }
    }
    return true;
}

void print(long hour, const Fleet& fleet) {
    const auto& score = fleet.score();
    const auto status = fleet.status();
    std::cout << "hour " << hour << ": " << score.renewals << " renewals (at most "
              << score.most_in_a_second << " in a second at one issuer, " << score.over_limit
              << " beyond the limit), " << score.handed_out << " handed out (" << score.expired
              << " expired), " << score.turned_away << " turned away, " << score.reused_tokens
              << " tokens reused; fresh " << status.fresh << ", renewing " << status.renewing
              << ", waiting " << status.waiting << ", neither " << status.others << ", silent "
              << status.silent << "; " << Fleet::allocated() / 1024 / 1024 << " MiB\n"
              << std::flush;
}

}  // namespace

int main(int count, char** words) {
    FleetOptions options;
    long hours = 24;
    if (!parse(count, words, options, hours)) return std::cerr << usage, 2;
    Fleet fleet(options);
    fleet.start();
    std::size_t middle = 0;
    // Half past each hour, and once in the middle of the first rush.
    fleet.pass(options.first_expiry);
    print(1, fleet);
    const bool named = fleet.status().silent == 0;
    fleet.pass(30min);
    for (long hour = 2; hour <= hours; ++hour) {
        fleet.pass(1h);
        print(hour, fleet);
        if (hour == hours / 2) middle = Fleet::allocated();
    }
    const auto& score = fleet.score();
    const bool kept = score.over_limit == 0 && score.expired == 0 && score.reused_tokens == 0;
    const bool flat = middle == 0 || Fleet::allocated() < middle + (middle / 50);
    if (!flat) std::cout << "memory grew by more than 2 % since the middle\n";
    return kept && named && flat ? 0 : 1;
}
