// What happened in a simulated world, for people: one line each, with the virtual time and who did
// it. Costs nothing while nobody reads.
#pragma once

#include <ostream>
#include <string>
#include <string_view>

#include "core/time.hpp"
#include "simulation/timeline.hpp"

namespace hearth::simulation {

class Trace {
  public:
    Trace(const Timeline& timeline, std::ostream* out) noexcept : timeline_(timeline), out_(out) {}

    template <class... Parts>
    void note(std::string_view who, const Parts&... parts) {
        if (out_ == nullptr) return;
        begin(who);
        ((*out_ << parts), ...);
        *out_ << '\n';
    }

  private:
    void begin(std::string_view who);

    const Timeline& timeline_;
    std::ostream* out_;
};

// "3d 04:05:06.007".
std::string clock_face(Span since_start);

}  // namespace hearth::simulation
