#pragma once

#include <memory>

#include "session/loop.hpp"

namespace boost::asio {
class io_context;
}

namespace hearth::system {

// The engine's loop on an io_context that one thread runs. A pending timer is work that keeps run()
// going. Tasks that were posted and not run when the io_context ends are dropped; timers end with
// this object.
class AsioLoop : public session::Loop {
  public:
    // The io_context must outlive this. Throws std::system_error when the system gives no timer.
    explicit AsioLoop(boost::asio::io_context& context);
    ~AsioLoop() override;
    AsioLoop(const AsioLoop&) = delete;
    AsioLoop& operator=(const AsioLoop&) = delete;

    void post(Task task) override;
    TimerId at(Span boot, Task task) override;
    void cancel(TimerId timer) override;

  private:
    class Timers;
    boost::asio::io_context& context_;
    std::shared_ptr<Timers> timers_;
};

}  // namespace hearth::system
