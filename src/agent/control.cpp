#include "agent/control.hpp"

#include "agent/line.hpp"

namespace hearth::agent {
namespace {

void write_agent(Service& service, Line& line) {
    line.number("pid", service.pid).text("version", service.version);
    line.instant("since", service.since);
    line.number("sessions", static_cast<std::int64_t>(service.engine.settings().profiles.size()));
    line.number("connections", static_cast<std::int64_t>(service.connections()));
}

void open_store(Service& service, const CallPtr& call, Secret passphrase) {
    service.engine.unlock_store(std::move(passphrase),
                                [&service, weak = std::weak_ptr(call)](Result<> opened) {
                                    const auto live = weak.lock();
                                    if (!live) return;
                                    if (!opened) return fail(service, *live, opened.error());
                                    Line line;
                                    line.object("ok");
                                    live->answer(line.take());
                                });
}

}  // namespace

void hello(Service& service, const CallPtr& call) {
    Line line;
    line.object("ok").text("version", service.version).number("protocol", 1);
    line.number("pid", service.pid);
    call->answer(line.take());
}

void agent_status(Service& service, const CallPtr& call) {
    Line line;
    line.object("ok");
    write_agent(service, line);
    call->answer(line.take());
}

void agent_stop(Service& service, const CallPtr& call) {
    Line line;
    line.object("ok");
    write_agent(service, line);
    service.drain();
    call->answer(line.take());
}

void lock(Service& service, const CallPtr& call) {
    service.token_lines.forget();
    service.engine.lock_store();
    service.helpers.forget();
    service.composition.forget_given();
    Line line;
    line.object("ok");
    call->answer(line.take());
}

void unlock(Service& service, const CallPtr& call) {
    const auto& members = call->request().members();
    auto passphrase = members.secret("passphrase");
    if (passphrase || !members.flag("non_interactive"))
        return open_store(service, call, passphrase ? *std::move(passphrase) : Secret());
    // Opening a keychain that is locked shows its question, and nobody is there to answer.
    service.composition.workers().run(session::Work::store,
                                      [&service, &loop = service.loop, weak = std::weak_ptr(call)] {
                                          auto ready = service.composition.store().probe();
                                          loop.post([&service, weak, ready = std::move(ready)] {
                                              const auto live = weak.lock();
                                              if (!live) return;
                                              if (!ready)
                                                  return fail(service, *live, ready.error().error);
                                              open_store(service, live, Secret());
                                          });
                                      });
}

}  // namespace hearth::agent
