#include "simulation/trace.hpp"

#include <iomanip>
#include <sstream>

namespace hearth::simulation {

using namespace std::chrono_literals;

std::string clock_face(Span since_start) {
    std::ostringstream text;
    text << since_start / 24h << "d " << std::setfill('0') << std::setw(2) << since_start / 1h % 24
         << ':' << std::setw(2) << since_start / 1min % 60 << ':' << std::setw(2)
         << since_start / 1s % 60 << '.' << std::setw(3) << since_start.count() % 1000;
    return text.str();
}

void Trace::begin(std::string_view who) {
    *out_ << clock_face(timeline_.now()) << "  " << std::left << std::setw(10) << who << ' ';
}

}  // namespace hearth::simulation
